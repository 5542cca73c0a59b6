"""Rendering: a trace as text, as tokens with weights, as a record of an export. Pure.

schema.py      a trace as a dataset holds it; what a template makes of it
templating.py  the catalog of templates
records.py     a trace as the contract's export records
stored.py      traces of the store in the shape that is rendered
templates/     a trace as (prompt, response) text to train on
"""
