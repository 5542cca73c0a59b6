"""Store: one database, one blob folder, and the only thing that commits.

engine.py      Store: read() and write() open a transaction; upsert()
session.py     what every command is handed: settings, and the store once it is needed
among.py       thousands of ids in one statement
columns.py     column types that mean the same on SQLite and PostgreSQL
blobs.py       files by content hash: put if absent, open
migrating.py   bring a database to this version, refuse a newer one
migrations/    Alembic revisions
"""

from sqlalchemy import Connection, Row

from tunix_rt.store.among import among
from tunix_rt.store.engine import Store, alike, metadata, open_store, upsert

__all__ = ["Connection", "Row", "Store", "alike", "among", "metadata", "open_store", "upsert"]
