"""Commands, exit codes, and what the operator sees."""
