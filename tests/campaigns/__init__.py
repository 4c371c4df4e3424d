"""The long proofs that nothing is lost: `python -m tests.campaigns.<name>` prints figures."""
