"""Thousands of ids in a statement as one value: of an IN list each id is written and bound anew."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    any_,
    bindparam,
    literal,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID

_EACH = text(
    "WITH RECURSIVE place(byte) AS (SELECT 1 UNION ALL SELECT byte + 16 FROM place "
    "WHERE byte + 16 < length(:packed)) SELECT substr(:packed, byte, 16) FROM place"
)


def among(connection: Connection, column: Column[str], ids: Sequence[str]) -> ColumnElement[bool]:
    """Whether a column of ids holds one of these."""
    if connection.dialect.name == "postgresql":
        return column == any_(literal(list(map(UUID, ids)), ARRAY(PG_UUID(as_uuid=True))))
    packed = bytes.fromhex("".join(ids).replace("-", ""))
    return column.in_(_EACH.bindparams(bindparam("packed", packed, LargeBinary)))
