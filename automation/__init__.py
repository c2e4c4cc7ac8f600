"""Ruang Rakyat: citizens' complaints, from a volunteer's spreadsheet row to the faction's inbox."""
