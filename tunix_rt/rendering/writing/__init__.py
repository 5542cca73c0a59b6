"""What the exports share: texts, lines, tables, rows of one prompt together, whom to trust.

lining.py     records as JSON lines
wording.py    a trace in the words of a chat, and what travels beside them
trusting.py   which answers and steps are known to hold
parting.py    a response in parts that are trained or not, as a mask policy has it
grouping.py   the rows of one prompt together, in a bounded memory
tasking.py    the problems of a dataset, each prompt once
"""
