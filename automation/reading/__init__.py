"""From cells to values, and what is wrong with them."""
