"""Registry: named models and their versions, each a copy of what a run made.

schema.py      the shapes of the contract
table.py       models and versions
query.py       every SQL statement about them
promoting.py   a run's output becomes a version, identified by its content
zipping.py     a version as a zip, written as it is sent
schema_exchange.py  what is asked and found when models come and go
checking.py    whether a checkpoint is one that we can load, and load rightly
importing.py   a checkpoint becomes a version
exporting.py   a version for other programs: shards of a size, or GGUF
jobs.py        the runs that do so
loading/       how any plugin loads a model (a tool)
routes.py      /api/models
commands.py    tunix-rt registry ... (commands_exchange.py: import, check, export)
"""
