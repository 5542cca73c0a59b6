"""Court: two verifiers on the same traces, people's rulings beside them, and what would change.

schema.py     a case, the report of a court, their shapes
table.py      one row per case
query.py      every SQL statement about cases
witnesses.py  who can testify: a verifier, the stored verdict, the source's label, a judge
rates.py      agreement, false-positive and false-negative rates with intervals
holding.py    hear two witnesses on every trace of a selection
impact.py     which datasets, sources and evaluations a new verifier would change
jobs.py       a court as a run; adopting what a new verifier says
reading.py    a court as it looks from outside
routes.py     /api/court
commands.py   tunix-rt court ...
"""
