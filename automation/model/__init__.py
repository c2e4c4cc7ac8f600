"""Values, and how they are written: the terms in which every other room speaks."""
