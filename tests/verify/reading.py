"""Reads the real data sets."""

from pathlib import Path


def lines_of(path: Path) -> list[str]:
    """The lines of a JSONL file, cut at line feeds only."""
    return path.read_text("utf-8").rstrip("\n").split("\n")
