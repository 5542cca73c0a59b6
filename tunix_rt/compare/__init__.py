"""Compare: is this model still as good as the one we agreed on.

schema.py    a baseline, a check, and their shapes
table.py     one row per baseline
query.py     every SQL statement about baselines
gating.py    set a baseline, check a run against it
routes.py    /api/regression
commands.py  tunix-rt compare ...
"""
