"""One pass: each workbook is read, reconciled and committed; then Kendali; then the digests that are due."""
