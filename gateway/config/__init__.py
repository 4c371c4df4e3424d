"""What the technician and the head teacher wrote down, read and checked."""
