"""An export in a terminal: the same words wherever it was made."""

from pathlib import Path

from tunix_rt.kit.terminal import emit_json, say


def written(place: Path, records: int | None, rows: int | None, as_json: bool) -> None:
    """What was written, of how many rows; null is what nobody here counted."""
    if as_json:
        emit_json({"file": str(place), "records": records, "rows": rows})
        return
    said = "" if records is None else f"{records:,} records "
    of = "" if rows is None or rows == records else f"of {rows:,} rows "
    say(f"{said}{of}written to {place}")
