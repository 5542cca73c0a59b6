"""Judges: a model is asked whether a trace is right, by a rubric; never mixed with verdicts.

schema.py    a rubric, a judge, what it said, their shapes
table.py     one row per judge, one per vote
query.py     every SQL statement about judges and votes
asking.py    the question a model gets, and the answer read from what it wrote
voting.py    ask for every vote that is missing, and keep each
jobs.py      asking as a run
routes.py    /api/judges, /api/traces/{id}/judgements
commands.py  tunix-rt judges ...
"""
