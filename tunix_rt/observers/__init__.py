"""Observers: a small calibrated model that says which traces to look at first; never a verdict.

schema.py     an observer, an exam it sat, a score, their shapes
table.py      one row per observer, per exam, per score
query.py      every SQL statement about observers
features.py   a trace as numbers: what the step verifier and the detectors say of it
model.py      from features to a probability, without any library
fitting.py    fit and calibrate one, with grouped cross-validation (scikit-learn)
gathering.py  traces with a known truth, from the store
exporting.py  the labels of a licensed one
examining.py  precision with 95 % confidence at a stated coverage: pass or fail
jobs.py       fitting, sitting an exam and ranking as runs
routes.py     /api/observers
commands.py   tunix-rt observers ...
"""
