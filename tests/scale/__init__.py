"""Many branches in one place: their mirrors joined, and figures in which nobody can be found."""
