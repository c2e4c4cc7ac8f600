"""What a complaint is, and everything that is decided about it. Nothing here does input or output."""
