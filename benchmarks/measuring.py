"""What every benchmark shares: the machine's name, and a result file that is never edited."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tunix_rt.bench.machine import hardware

RESULTS = Path(__file__).parent / "results"


def machine() -> dict[str, Any]:
    """Hardware and versions a number depends on."""
    return {**hardware(), "load_1m": os.getloadavg()[0]}


def gsm8k() -> Path:
    """The folder of GSM8K: the first argument, or where the tests look; without it, the end."""
    named = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")]
    shared = os.environ.get("TUNIX_RT_TEST_DATA", Path(__file__).parents[2] / "shared" / "data")
    folder = named[0] if named else Path(shared) / "gsm8k"
    if not (folder / "test.jsonl").is_file():
        print(f"{Path(sys.argv[0]).name} needs GSM8K: there is none in {folder}", file=sys.stderr)
        raise SystemExit(0)
    return folder


def commit() -> str:
    """The commit that was measured."""
    said = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return said.stdout.strip() or "unknown"


def record(name: str, numbers: dict[str, Any]) -> None:
    """Print the numbers, and write them beside those of other days."""
    now = datetime.now(UTC)
    found = {
        "benchmark": name,
        "at": now.isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": machine(),
        **numbers,
    }
    text = json.dumps(found, indent=1)
    print(text)
    if "--dry" not in sys.argv:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{now:%Y-%m-%d}-{name}.json").write_text(text + "\n")
