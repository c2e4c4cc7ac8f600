"""Lists that others made, brought into an intake tab."""
