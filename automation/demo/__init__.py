"""A small invented city on local workbooks, to try everything out without an account."""
