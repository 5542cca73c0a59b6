"""The checkpoints that a training has left, as they are shown."""

from pydantic import BaseModel


class KeptCheckpoint(BaseModel):
    """What a training has kept of one step."""

    step: int
    """Steps that were done."""
    bytes: int
    created_at: str
    best: bool
    """Whether these are the best weights so far, where the recipe keeps those."""
    resumable: bool
    """Whether the training can go on from here; of the best step the weights alone may be left."""


class KeptCheckpoints(BaseModel):
    """The checkpoints of a run in the order of their steps."""

    data: list[KeptCheckpoint]
