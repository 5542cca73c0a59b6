"""Tune: try recipes that differ in a few values, and name the best.

schema.py      what a client asks for, and what it is shown
space.py       a search space: which names there are, and which values each takes
table.py       one row per job, one per trial
query.py       every SQL statement about them
searching.py   which values to try next (Optuna)
starting.py    create, start and cancel a job
trialing.py    one trial: queue its training, then its evaluation, then keep its number
driving.py     the long work: keep trials going until all are done
jobs.py        tuning as a run
routes.py      /api/tuning
commands.py    tunix-rt tune ...
"""
