"""A school in one folder: peers to try the whole program with, on this machine only."""
