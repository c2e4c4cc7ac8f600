"""Ruang Rakyat: citizens' complaints, from a volunteer's spreadsheet row to the faction's inbox."""

__version__ = "0.2.0"
