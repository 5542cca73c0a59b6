"""Rendering: a trace as text, as tokens with weights, as a record of an export. Pure.

schema.py      a trace as a dataset holds it; what a template makes of it
templating.py  the catalog of templates
exporting.py   the catalog of exports; a frozen version as lines, a file or a folder
records.py     a trace as the contract's export records
stored.py      traces of the store in the shape that is rendered
templates/     a trace as (prompt, response) text to train on
exports/       one module per way to write a frozen version for others
writing/       what the exports share
"""
