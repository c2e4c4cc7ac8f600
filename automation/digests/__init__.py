"""What each digest says: counts, sections, ageing. Nothing here does input or output."""
