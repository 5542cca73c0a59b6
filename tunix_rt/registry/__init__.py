"""Registry: named models and their versions, each a copy of what a run made.

schema.py      the shapes of the contract
table.py       models and versions
query.py       every SQL statement about them
promoting.py   a run's output becomes a version, identified by its content
zipping.py     a version as a zip, written as it is sent
loading/       how any plugin loads a model (a tool)
routes.py      /api/models
commands.py    tunix-rt registry ...
"""
