"""Ask the library that owns a format, in a process of its own; CI has every one of them."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

from tests.extras import needs


def ask(library: str, script: str, folder: Path) -> Any:
    """What a script prints last, as JSON, when it runs in `folder`; without the network.

    These libraries warn, log and keep caches, so they have a process and a home of their own.
    """
    needs(library, extra="exports")
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / ".cache")}
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        env={**os.environ, **offline},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1])
