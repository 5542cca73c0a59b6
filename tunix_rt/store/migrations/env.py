"""How Alembic meets the database: in the transaction it is handed, never in its own."""

from importlib import import_module
from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON

from tunix_rt.floorplan import rooms
from tunix_rt.store.columns import Id, Instant
from tunix_rt.store.engine import metadata

for slice_ in rooms("table"):
    import_module(f"tunix_rt.{slice_}.table")


def _our_types(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """Our own column types by their own names, so that a revision reads like a table."""
    if kind != "type":
        return False
    names = {Id: "Id()", Instant: "Instant()", JSON: "Json"}
    return next((name for type_, name in names.items() if isinstance(thing, type_)), False)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=_our_types,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
