"""The content of each digest: counts, sections, ageing. Nothing here does input or output."""
