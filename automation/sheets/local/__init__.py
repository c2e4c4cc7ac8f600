"""Local workbooks: xlsx files, read raw and edited part by part."""
