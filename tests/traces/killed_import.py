"""A program to kill: import a file, and say on each line how many traces are stored for good."""

import sys
from pathlib import Path

from tunix_rt.kit.settings import read_settings
from tunix_rt.store import open_store
from tunix_rt.traces import importing, intake
from tunix_rt.traces.schema_record import ImportReport


def acknowledge(report: ImportReport, _offset: int) -> None:
    """Say how many are stored, for whoever kills us."""
    sys.stdout.write(f"{report.added + report.known}\n")
    sys.stdout.flush()


intake.BATCH = 200
store = open_store(read_settings())
importing.import_file(store, Path(sys.argv[1]), on_batch=acknowledge)
store.close()
