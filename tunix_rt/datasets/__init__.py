"""Datasets: frozen, content-addressed versions of chosen traces.

schema.py      the request, the manifest, how a dataset looks from outside
table.py       one row per frozen version
query.py       every SQL statement about datasets
freezing.py    a choice of traces in, an immutable version out
reading.py     iterate a version in its fixed order
ingesting.py   take in a file that lies on the server
routes.py      /api/datasets
commands.py    tunix-rt datasets ...
"""
