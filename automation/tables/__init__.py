"""The declarations of all tabs: each is declared once, and everything else follows from that."""
