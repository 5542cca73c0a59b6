"""Rendering: a trace as text, as tokens with weights, as a record of an export. Pure.

schema.py          a trace as a dataset holds it
schema_wording.py  what a template is told, and the pieces it says
schema_options.py  everything that decides a token or its weight
schema_proofs.py   proofs and numbers, as they are shown and kept
templating.py      the catalog of templates
templates/         a trace as pieces of text: what is given, what is learned
masking.py         what verdicts do to weights
segmenting.py      a trace as weighed segments of text; needs no tokenizer
tokenizing.py      segments as tokens; the one place where text becomes ids
batching.py        rows and batches for every training backend
promises.py        what each row is held to
counting.py        shares, lengths, what is cut
proofs.py          all rows of a rendering, proven and counted
records.py         a trace as the contract's export records
stored.py          traces of the store in the shape that is rendered
exporting.py       the catalog of exports; a frozen version as lines, a file or a folder
exports/           one module per way to write a frozen version for others
writing/           what the exports share
"""
