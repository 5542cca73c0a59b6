"""What an export is: its kind, its files, and what is told of the dataset it writes."""

from typing import Literal, NamedTuple

from pydantic import BaseModel

Kind = Literal["lines", "file", "folder"]
"""JSON lines that are sent as they are made; another file for each split; a folder with more."""


class About(NamedTuple):
    """The frozen version that is written, for the files of a folder that speak of it."""

    key: str
    name: str
    """The key as the name of a Python module: `demo-1` is `demo_1`."""

    sha256: str
    """Of its content."""

    created_at: str
    splits: dict[str, int]
    """How many rows each split has."""

    card: str
    """Its data card as Markdown, with the metadata of the Hugging Face hub at its head."""


class ExportInfo(BaseModel):
    """One way to write a dataset."""

    name: str
    kind: Kind
    file: str
    """What the file of a split is called."""

    description: str
    read_by: str
    """Which libraries open it."""

    policy: list[str]
    """The keys of a mask policy that it obeys; none where it teaches nothing."""
