"""The long proofs that nothing is lost: `python -m tests.campaigns.<name>`, figures to the screen."""
