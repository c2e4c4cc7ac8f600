"""One pass: every workbook read, reconciled and committed; then Kendali; then the digests that are due."""
