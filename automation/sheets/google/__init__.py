"""Google Sheets, through gspread."""
