"""What to look at with an X-ray: rows of a frozen version, or stored traces."""

from collections.abc import Iterator
from uuid import UUID

from tunix_rt.datasets import query, reading
from tunix_rt.kit.again import Again
from tunix_rt.kit.errors import BadInput, NotFound
from tunix_rt.kit.ids import is_id
from tunix_rt.kit.paths import confined
from tunix_rt.kit.settings import Settings
from tunix_rt.rendering import stored
from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.schema_options import Rendering
from tunix_rt.rendering.schema_xray import Look, LookAtTraces, Xray
from tunix_rt.rendering.xraying import xray
from tunix_rt.store import Store


def confined_rendering(rendering: Rendering, settings: Settings) -> Rendering:
    """The same with a tokenizer's folder that a server may read."""
    if rendering.tokenizer is None:
        return rendering
    folder = str(confined(rendering.tokenizer, settings))
    return rendering.model_copy(update={"tokenizer": folder})


def of_dataset(store: Store, key: str, look: Look) -> Xray:
    """The rows of a frozen version as they will be trained."""
    with store.read() as connection:
        query.get(connection, key)
    return xray(Again(lambda: reading.rows(store, key)), look)


def of_traces(store: Store, look: LookAtTraces) -> Xray:
    """Stored traces, as if they were frozen; what is known of their steps is not looked up."""
    bad = next((one for one in look.trace_ids if not is_id(one)), None)
    if bad is not None:
        raise BadInput(f"{bad[:100]!r} is not the id of a trace: a UUID is expected.")
    ids = [str(UUID(one)) for one in look.trace_ids]

    def rows() -> Iterator[TraceRow]:
        return stored.traces(store, ids)

    if next(rows(), None) is None:
        raise NotFound("None of these traces is stored.")
    return xray(Again(rows), look)
