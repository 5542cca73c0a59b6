"""Markdown read for what it claims: code blocks, links, commands with what they print."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
"""Every document of the repository."""

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def blocks(text: str, language: str) -> list[str]:
    """The code blocks of one language."""
    return [body for name, body in _BLOCK.findall(text) if name == language]


def links(text: str) -> list[str]:
    """Where the links lead, outside of code."""
    return _LINK.findall(_BLOCK.sub("", text))


def commands(console: str) -> Iterator[tuple[str, list[str]]]:
    """The commands of a console block, each with the output that stands under it."""
    command: str | None = None
    said: list[str] = []
    for line in console.splitlines():
        if line.startswith("$ "):
            if command is not None:
                yield command, said
            command, said = line[2:], []
        else:
            said.append(line)
    if command is not None:
        yield command, said


def pattern(shown: str) -> re.Pattern[str]:
    """A line of shown output; `...` stands for anything, spaces may differ."""
    parts = (r"\s+".join(map(re.escape, part.split())) for part in shown.split("..."))
    return re.compile(r"\s*" + r".*".join(parts) + r"\s*")
