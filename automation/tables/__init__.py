"""What the tabs are: each declared once, and everything else follows from the declaration."""
