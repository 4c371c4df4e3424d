"""The school's hours beyond the policy file: where they come from, and what they move."""
