"""What the routes about traces ask for alike: the id of one, the filter of many."""

from typing import Annotated

from fastapi import Depends, Path, Query
from pydantic import AfterValidator

from tunix_rt.kit.http import path_id
from tunix_rt.traces.language import LONGEST, joined
from tunix_rt.traces.schema import FilterQuery, MetaPair, TraceFilter

TraceId = Annotated[str, Path(), AfterValidator(path_id("trace"))]


def _wanted(
    fields: Annotated[FilterQuery, Depends()],
    query: Annotated[str | None, Query(max_length=LONGEST)] = None,
    meta: Annotated[list[MetaPair] | None, Query(max_length=8)] = None,
) -> TraceFilter:
    """The filter of the single fields, of `meta=key=value` and of the query language."""
    return joined(query, fields.filter(tuple(meta or ())))


Wanted = Annotated[TraceFilter, Depends(_wanted)]
