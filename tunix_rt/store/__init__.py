"""Store: one database, one blob folder, and the only thing that commits.

engine.py      Store: read() and write() open a transaction
columns.py     column types that mean the same on SQLite and PostgreSQL
blobs.py       files by content hash: put if absent, open
migrating.py   bring a database to this version, refuse a newer one
migrations/    Alembic revisions
commands.py    tunix-rt store ...
"""

from sqlalchemy import Connection, Row

from tunix_rt.store.engine import Store, metadata, open_store

__all__ = ["Connection", "Row", "Store", "metadata", "open_store"]
