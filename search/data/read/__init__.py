"""A table as a person has it to texts with label sets."""
