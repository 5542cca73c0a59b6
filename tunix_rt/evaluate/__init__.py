"""Evaluate: a model or a set of predictions, measured on a suite, item by item.

schema.py       what to measure, and how a result looks from outside
table.py        one row per evaluation, one per item and sample
query.py        every SQL statement about evaluations
metrics.py      accuracy and its interval (pure)
predicting.py   read a predictions file
asking.py       a training run's evaluation, as the contract asks for it
evaluating.py   one verdict per item and sample, committed as it is made
jobs.py         the evaluation as a run
routes.py       /api/evaluations, the contract's leaderboard
commands.py     tunix-rt evaluate ...
"""
