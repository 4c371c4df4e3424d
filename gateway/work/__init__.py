"""Steps that can be run again: each takes what is due, does it, and records it."""
