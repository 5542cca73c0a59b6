"""What a person says is the truth of a trace."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from tunix_rt.verify.schema import Outcome, Subject

Author = Annotated[str, Field(max_length=100)]


class NewRuling(BaseModel):
    """What a person says is the truth of a trace's answer or steps."""

    model_config = ConfigDict(frozen=True)

    outcome: Outcome
    subject: Subject = "answer"
    note: Annotated[str, Field(max_length=10_000)] = ""
    author: Author = ""


class Ruling(BaseModel):
    """A ruling as it is stored; the newest one of a trace and subject counts."""

    id: str
    trace_id: str
    subject: Subject
    outcome: Outcome
    note: str
    author: str
    created_at: str


class Rulings(BaseModel):
    """Every ruling on one trace, newest first."""

    rulings: list[Ruling]
