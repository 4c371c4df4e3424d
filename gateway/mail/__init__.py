"""Reading mail within limits, and writing mail that says exactly what was meant."""
