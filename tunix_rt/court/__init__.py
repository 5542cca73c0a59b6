"""Court: two verifiers on the same traces, people's rulings beside them, and what would change.

schema.py     a case, a ruling, the report of a court, their shapes
table.py      one row per case, one per ruling
query.py      every SQL statement about cases and rulings
witnesses.py  who can testify: a verifier, the stored verdict, the source's label, a judge
rates.py      agreement, false-positive and false-negative rates with intervals
holding.py    hear two witnesses on every trace of a selection
impact.py     which datasets, sources and evaluations a new verifier would change
jobs.py       a court as a run; adopting what a new verifier says
routes.py     /api/court, /api/traces/{id}/rulings
commands.py   tunix-rt court ...
"""
