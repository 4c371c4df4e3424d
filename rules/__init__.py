"""The school's policy as pure functions over frozen values."""
