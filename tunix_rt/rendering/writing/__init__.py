"""What the exports share: texts, lines, tables, rows of one prompt together, whom to trust.

lining.py     records as JSON lines
wording.py    a trace in the words of a chat, and what travels beside them
trusting.py   which answers and steps are known to hold, and what may be taught
grouping.py   the rows of one prompt together, in a bounded memory
tabling.py    parquet with columns that are known before the first row
"""
