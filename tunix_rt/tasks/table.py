"""Suites with their items, and the tasks that were slow to make."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from tunix_rt.store import metadata
from tunix_rt.store.columns import Instant, Json
from tunix_rt.tasks.schema import LONGEST_FAMILY, LONGEST_KEY, LONGEST_NAME

suite = Table(
    "suite",
    metadata,
    Column("name", String(LONGEST_NAME), primary_key=True),
    Column("origin", Json, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("item_count", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
)
"""An eval set: `origin` says which generator and seed, or which file, it came from."""

suite_item = Table(
    "suite_item",
    metadata,
    Column(
        "suite",
        String(LONGEST_NAME),
        ForeignKey("suite.name", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("key", String(LONGEST_KEY), nullable=False),
    Column("family", String(LONGEST_FAMILY), nullable=False),
    Column("verifier", String(40), nullable=False),
    Column("prompt", Text, nullable=False),
    Column("expected", Text, nullable=False),
    Column("data", Json),
)

task_item = Table(
    "task_item",
    metadata,
    Column("stream", String(64), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("generator", String(64), nullable=False),
    Column("version", String(40), nullable=False),
    Column("task", Json, nullable=False),
    Column("made_at", Instant, nullable=False),
    Index("ix_task_item_generator", "generator", "version"),
)
"""Tasks that were slow to make. `stream` is the hash of generator, version, config, seed, split."""
