"""Spreadsheets: the port `Workbook`, and its adapters for Google Sheets and for local files."""
