"""What the school's files say of its people, in one shape whatever the format."""
