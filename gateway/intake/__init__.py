"""Bytes in, durable, then the answer: the ways by which mail reaches us."""
