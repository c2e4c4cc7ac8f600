"""A simulated office: people who edit shared spreadsheets, and robots that work in them at the same time, fail and die.

``python -m tests.office --histories 10000 --seed 1`` runs random histories; ``tests/test_office.py`` a few of them, and
Hypothesis. `history` is where to begin reading.
"""
