"""Traces can be searched, labelled, scored, counted, deleted and told apart by their first bytes.

What the new columns say of traces that are here already is read from their bodies, once.
"""

import hashlib
import json
import uuid
from typing import Any

import sqlalchemy as sa
import zstandard
from alembic import op

from tunix_rt.store.columns import Id, Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "request_once",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_request_once")),
    )
    op.create_index("ix_request_once_created_at", "request_once", ["created_at"], unique=False)
    op.create_table(
        "search_batch",
        sa.Column("id", Id(), nullable=False),
        sa.Column("first", Id(), nullable=False),
        sa.Column("last", Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_batch")),
    )
    op.create_table(
        "step_type",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("set_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("name", "set_id", name=op.f("pk_step_type")),
    )
    op.create_table(
        "trace_dictionary",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trace_dictionary")),
    )
    op.create_table(
        "trace_tally",
        sa.Column("id", Id(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=True),
        sa.Column("verdict", sa.String(length=10), nullable=True),
        sa.Column("label", sa.String(length=10), nullable=True),
        sa.Column("step_types", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trace_tally")),
    )
    op.create_table(
        "annotation",
        sa.Column("id", Id(), nullable=False),
        sa.Column("trace_id", Id(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("author", sa.String(length=100), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["trace_id"], ["trace.id"], name=op.f("fk_annotation_trace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotation")),
    )
    op.create_index(
        "ix_annotation_name",
        "annotation",
        ["kind", "name", "trace_id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_annotation_trace", "annotation", ["trace_id", "id"], unique=False)
    op.create_table(
        "trace_dataset",
        sa.Column("dataset_key", sa.String(length=256), nullable=False),
        sa.Column("trace_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["trace_id"], ["trace.id"], name=op.f("fk_trace_dataset_trace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("dataset_key", "trace_id", name=op.f("pk_trace_dataset")),
    )
    op.create_index("ix_trace_dataset_trace", "trace_dataset", ["trace_id"], unique=False)
    op.add_column("trace", sa.Column("step_types", sa.BigInteger(), nullable=True))
    op.add_column("trace", sa.Column("content_key", sa.BigInteger(), nullable=True))
    op.add_column("trace", sa.Column("prompt_group", sa.BigInteger(), nullable=True))
    op.add_column("trace", sa.Column("label", sa.String(length=10), nullable=True))
    op.add_column("trace", sa.Column("score", sa.Float(), nullable=True))
    op.add_column("trace", sa.Column("deleted_at", Instant(), nullable=True))
    op.drop_index(op.f("ix_trace_content_hash"), table_name="trace")
    op.create_index("ix_trace_content_key", "trace", ["content_key"], unique=False)
    op.create_index(
        "ix_trace_deleted_at",
        "trace",
        ["deleted_at"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "ix_trace_label",
        "trace",
        ["label", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND label IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND label IS NOT NULL"),
    )
    op.create_index(
        "ix_trace_prompt_group",
        "trace",
        ["prompt_group", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_trace_score",
        "trace",
        ["score", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND score IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND score IS NOT NULL"),
    )
    op.add_column("trace_body", sa.Column("format", sa.String(length=40), nullable=True))
    live = sa.text("deleted_at IS NULL")
    for name, column, where in (
        ("ix_trace_source", "source", live),
        ("ix_trace_model", "model", sa.text("deleted_at IS NULL AND model IS NOT NULL")),
        ("ix_trace_verdict", "verdict", sa.text("deleted_at IS NULL AND verdict IS NOT NULL")),
    ):
        op.drop_index(name, table_name="trace")
        op.create_index(name, "trace", [column, "id"], sqlite_where=where, postgresql_where=where)
    if op.get_bind().dialect.name == "postgresql":  # SQLite's full-text index is a file of its own
        op.execute(
            "CREATE TABLE trace_words (id uuid PRIMARY KEY REFERENCES trace ON DELETE CASCADE, "
            "words tsvector NOT NULL)"
        )
        op.execute("CREATE INDEX ix_trace_words_words ON trace_words USING gin (words)")
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    """The new columns of old rows, batch by batch; then the tally and the list for the index."""
    trace = sa.table(
        "trace",
        sa.column("id", Id), sa.column("content_hash"), sa.column("source"), sa.column("model"),
        sa.column("verdict"), sa.column("label"), sa.column("step_types", sa.BigInteger),
        sa.column("content_key", sa.BigInteger), sa.column("prompt_group", sa.BigInteger),
        sa.column("score", sa.Float),
    )  # fmt: skip
    body = sa.table("trace_body", sa.column("id", Id), sa.column("body"))
    types = sa.table("step_type", sa.column("name"), sa.column("set_id", sa.BigInteger))
    rows = (
        sa.select(trace.c.id, trace.c.content_hash, body.c.body)
        .join_from(trace, body, body.c.id == trace.c.id)
        .order_by(trace.c.id)
    )
    sets: dict[int, list[str]] = {}
    first = last = None
    number = 0
    while found := connection.execute(
        (rows if last is None else rows.where(trace.c.id > last)).limit(2000)
    ).all():
        changes = []
        for id_, digest, blob in found:
            document = json.loads(zstandard.ZstdDecompressor().decompress(bytes(blob)))
            names = sorted({step["type"].replace("\0", "\ufffd") for step in document["steps"]})
            key = _key(hashlib.sha256("\0".join(names).encode()).digest())
            sets[key] = names
            changes.append(
                {
                    "b_id": id_,
                    "b_types": key,
                    "b_key": _key(bytes(digest)),
                    "b_group": _key(hashlib.sha256(document["prompt"].strip().encode()).digest()),
                    "b_score": _score(document.get("meta") or {}),
                }
            )
        connection.execute(
            sa.update(trace)
            .where(trace.c.id == sa.bindparam("b_id", type_=Id()))
            .values(
                step_types=sa.bindparam("b_types"),
                content_key=sa.bindparam("b_key"),
                prompt_group=sa.bindparam("b_group"),
                score=sa.bindparam("b_score"),
            ),
            changes,
        )
        first, last, number = first or found[0].id, found[-1].id, number + len(found)
    if number == 0:
        return
    connection.execute(
        types.insert(),
        [{"name": name, "set_id": key} for key, names in sets.items() for name in names],
    )
    tally = sa.table(
        "trace_tally",
        sa.column("id", Id), sa.column("source"), sa.column("model"), sa.column("verdict"),
        sa.column("step_types", sa.BigInteger), sa.column("number", sa.BigInteger),
    )  # fmt: skip
    by = (trace.c.source, trace.c.model, trace.c.verdict, trace.c.step_types)
    counted = connection.execute(sa.select(*by, sa.func.count().label("number")).group_by(*by))
    connection.execute(
        tally.insert(), [{"id": str(uuid.uuid4()), **row._asdict()} for row in counted]
    )
    waiting = sa.table(
        "search_batch",
        sa.column("id", Id), sa.column("first", Id), sa.column("last", Id), sa.column("number"),
    )  # fmt: skip
    connection.execute(
        waiting.insert(),
        {"id": str(uuid.uuid4()), "first": first, "last": last, "number": number},
    )


def _key(digest: bytes) -> int:
    return int.from_bytes(digest[:8], "big", signed=True)


def _score(meta: dict[str, Any]) -> float | None:
    for name in ("score", "reward"):
        value = meta.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300:
            return float(value)
    return None


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS trace_words")
    for table in (
        "request_once", "search_batch", "trace_dictionary", "trace_tally", "annotation",
        "trace_dataset", "step_type",
    ):  # fmt: skip
        op.drop_table(table)
    for name in ("score", "prompt_group", "label", "deleted_at", "content_key"):
        op.drop_index(f"ix_trace_{name}", table_name="trace")
    for name in ("source", "model", "verdict"):
        op.drop_index(f"ix_trace_{name}", table_name="trace")
        op.create_index(f"ix_trace_{name}", "trace", [name, "id"])
    op.create_index("ix_trace_content_hash", "trace", ["content_hash"])
    op.drop_column("trace_body", "format")
    for name in ("deleted_at", "score", "label", "prompt_group", "content_key", "step_types"):
        op.drop_column("trace", name)
