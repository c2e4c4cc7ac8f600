"""Brings lists that others made into an intake tab."""
