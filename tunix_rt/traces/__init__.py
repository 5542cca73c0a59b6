"""Traces: one problem, the steps a mind took, and the answer it gave.

schema.py      the shape of a trace on the wire, on disk and in a list
table.py       the narrow row, and its compressed body
query.py       every SQL statement about traces
importing.py   files in: read, check, add once, report the rest
exporting.py   traces out, in any format that can write
scoring.py     the baseline score of the contract: shape, not quality
formats/       one module per file format
jobs.py        the import of a file as a run
routes.py      /api/traces
commands.py    tunix-rt traces ...
"""
