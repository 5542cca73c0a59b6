"""Take in a file that lies on the server, as earlier clients ask for it."""

from pathlib import Path

from tunix_rt.datasets.schema import Ingested
from tunix_rt.kit.errors import BadInput, BadRequest
from tunix_rt.store import Store
from tunix_rt.traces import importing
from tunix_rt.traces.intake import Stored


def ingest(store: Store, path: Path, source: str) -> Ingested:
    """Every trace of the file, each stored once; one that was known already is named too."""
    if not path.exists():
        raise BadRequest(f"There is no file {path.name!r}.")
    if not path.is_file():
        raise BadRequest(f"{path.name!r} is not a file.")
    stored: list[Stored] = []
    try:
        report = importing.import_file(store, path, source=source, on_stored=stored.extend)
    except BadInput as error:
        raise BadRequest(error.message) from None
    if not stored:
        first = report.examples[0] if report.examples else None
        why = f" Line {first.line}: {first.reason}." if first else ""
        raise BadRequest(f"{path.name!r} holds no valid trace.{why}")
    ids = list(dict.fromkeys(one.id for one in stored))
    return Ingested(ingested_count=len(ids), trace_ids=ids)
