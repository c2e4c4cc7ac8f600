"""Values, and how they are written: what every other room speaks of."""
