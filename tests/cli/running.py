"""The real program, as its own process, in a data folder of its own."""

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from tunix_rt.cli.main import app
from tunix_rt.kit.settings import Settings
from tunix_rt.store.session import Session

PROGRAM = [sys.executable, "-m", "tunix_rt"]


@dataclass(frozen=True)
class Home:
    """A data folder, and the program at work in it."""

    folder: Path

    def run(self, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [*PROGRAM, *map(str, arguments)],
            env=self.environment(**environment),
            capture_output=True,
            text=True,
            timeout=240,
        )

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        """Start a command, as a group of its own, and leave it running."""
        return subprocess.Popen(
            [*PROGRAM, *map(str, arguments)],
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def json(self, *arguments: object) -> Any:
        """What a command that must succeed prints with --json."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def inside(self, *arguments: object) -> Result:
        """Run a command in this process, where that is enough."""
        session = Session(Settings(home=self.folder, database=""))
        result = CliRunner().invoke(app, [str(one) for one in arguments], obj=session)
        if "store" in vars(session):
            session.store.close()
        return result

    def environment(self, **changes: str) -> dict[str, str]:
        """The environment of a process that works here."""
        here = {"TUNIX_RT_HOME": str(self.folder), "DATABASE_URL": ""}
        return os.environ | here | {"COLUMNS": "120"} | changes


IN_TERMINAL = """
import os, signal, sys
os.open(os.ttyname(0), os.O_RDWR)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Makes the terminal it stands in its own, hears it close even if tests were started by nohup, and
becomes the command behind it.
"""


class Terminal:
    """A command, the first that runs in a terminal, and what it has `said` there."""

    def __init__(self, home: Home, *arguments: str, **environment: str) -> None:
        self._ours, theirs = os.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", IN_TERMINAL, *PROGRAM, *arguments],
            env=home.environment(**environment),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self.said, self._closed = "", threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def close(self) -> int:
        """Close the terminal, as one that is left does; the exit code of the command.

        The kernel says so to the command, and so would a shell a moment later.
        """
        self._closed.set()
        self._reader.join()
        os.close(self._ours)
        self.process.send_signal(signal.SIGHUP)
        return self.process.wait(timeout=90)

    def _read(self) -> None:
        while not self._closed.is_set():
            if select.select([self._ours], [], [], 0.05)[0]:
                self.said += os.read(self._ours, 65_536).decode(errors="replace")


def refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """A command that could not do what was asked says why, and how else, and exits with 1."""
    assert done.returncode == 1, (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    lines = done.stderr.splitlines()
    said = [line for line in lines if line.startswith("error: ")]
    assert len(said) == 1, done.stderr
    hints = [line for line in lines if line.startswith("hint: ")]
    for word in words:
        assert word in "\n".join(said + hints)


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something has happened."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)
