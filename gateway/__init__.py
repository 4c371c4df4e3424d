"""Schoolgate acts: bytes in, one decision, records, mail out."""
