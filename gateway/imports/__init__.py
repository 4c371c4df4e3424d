"""What would an import change, is that too much, and how is it told? Plans, and no SQL."""
