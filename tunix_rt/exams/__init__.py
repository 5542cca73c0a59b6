"""Exams: verified traces with one known error each, for checkers, process labels and pairs.

schema.py     a planted error, an exam, a score, their shapes
table.py      one row per exam, one per item
query.py      every SQL statement about exams
numbers.py    numbers and claims of a step, read and written back exactly
planting.py   plant one error in a verified trace, propagated or not
making.py     an exam from stored traces
scoring.py    what a step verifier finds of what was planted
exporting.py  exams as ProcessBench, PRM800K and TRL rows, and as preference pairs
jobs.py       making an exam as a run
routes.py     /api/exams
commands.py   tunix-rt exams ...
"""
