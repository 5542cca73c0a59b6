"""Call one function in a process of its own: bounded in time and memory, killed if it hangs.

For libraries that may not come back from what a stranger wrote: a power of powers runs
inside one instruction of C, where no signal and no thread can stop it. Arguments and
results travel as JSON, so the child can make its caller believe nothing but JSON.
"""

import contextlib
import os
import pkgutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import msgspec

START_SECONDS = 60.0
"""How long the child may take to import its function; this is not part of a call."""

MEMORY = 100 * 2**20
"""Bytes the child may grow by, once it has imported its function."""


def cores(most: int) -> int:
    """The cores this process may use, `most` of them at most, and at least one."""
    usable = getattr(os, "sched_getaffinity", None)
    return max(1, min(most, len(usable(0)) if usable else os.cpu_count() or 1))


class Broke(Exception):
    """A call that brought no result; its text says why, and the next call works again."""


class Apart:
    """`target`, written `package.module:function`, in a process that is started when needed.

    One call at a time; a second caller waits. A call that takes longer than `seconds` or
    more memory than `memory` ends in `Broke`, and the process with it.
    """

    def __init__(self, target: str, *, seconds: float = 2.0, memory: int = MEMORY) -> None:
        self._command = [sys.executable, "-m", "tunix_rt.kit.apart", target, str(memory)]
        self._seconds = seconds
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def __call__(self, *args: Any) -> Any:
        """What the function returns for `args`; both must be JSON."""
        return self.within(self._seconds, *args)

    def within(self, seconds: float, *args: Any) -> Any:
        """The same in another time than usual."""
        asked = msgspec.json.encode([seconds, args]) + b"\n"
        with self._lock:
            child = self._running()
            answer = self._exchange(child, asked, seconds)
        if answer is None:
            raise Broke(f"it took longer than {seconds:.2g} s, or more memory than it may")
        if "broke" in answer:
            raise Broke(answer["broke"])
        return answer["result"]

    def close(self) -> None:
        """End the process; the next call starts another."""
        with self._lock:
            self._end()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._owner == os.getpid() and self._child.poll() is None:
            return self._child
        self._child = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._owner = os.getpid()
        ready = self._exchange(self._child, b"", START_SECONDS)
        if ready is None or "broke" in ready:
            self._end()
            raise Broke("its process could not start" + (f": {ready['broke']}" if ready else ""))
        return self._child

    def _exchange(
        self, child: subprocess.Popen[bytes], line: bytes, seconds: float
    ) -> dict[str, Any] | None:
        """One line to the child and one back; None when it died or had to be killed."""
        assert child.stdin is not None
        assert child.stdout is not None
        killer = threading.Timer(seconds, child.kill)
        killer.daemon = True
        killer.start()
        try:
            if line:
                child.stdin.write(line)
                child.stdin.flush()
            answer = child.stdout.readline()
        except OSError:
            answer = b""
        finally:
            killer.cancel()
        if not answer.endswith(b"\n"):
            self._end()
            return None
        decoded: dict[str, Any] = msgspec.json.decode(answer)
        return decoded

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None or self._owner != os.getpid():
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _serve(target: str, memory: int) -> None:
    """The child: import the function, then answer a line with a line until the caller ends."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand between the answers
    try:
        function = pkgutil.resolve_name(target)
    except Exception as error:  # said to the caller, who is another process
        out.write(_line({"broke": f"{type(error).__name__}: {error}"[:300]}))
        out.flush()
        return
    _limit(memory)
    out.write(_line({"result": None}))
    out.flush()
    for line in sys.stdin.buffer:
        seconds, args = msgspec.json.decode(line)
        _alarm(seconds + 1)
        try:
            answer = _line({"result": function(*args)})
        except MemoryError:
            answer = _line({"broke": "it needs more memory than it may have"})
        except Exception as error:  # the boundary to a library that promises no kind of error
            answer = _line({"broke": f"{type(error).__name__}: {error}"[:300]})
        _alarm(0)
        out.write(answer)
        out.flush()


_ACTS = (
    *("subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.kill"),
    *("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod"),
    *("os.chown", "os.truncate", "os.putenv", "shutil.", "socket.", "ctypes.", "pty.", "ftplib."),
)


def act_no_more() -> None:
    """From here on this process starts no program, writes no file and opens no connection.

    A second wall for libraries that evaluate what they are given: Python's audit events
    stop what they name, and cannot be switched off again. It is no wall against machine code.
    """

    def refuse(event: str, args: tuple[Any, ...]) -> None:
        writes = event == "open" and isinstance(args[2], int) and args[2] & _WRITING
        if writes or event.startswith(_ACTS):
            raise PermissionError(f"{event} is not allowed here")

    sys.addaudithook(refuse)


_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _line(answer: dict[str, Any]) -> bytes:
    return msgspec.json.encode(answer) + b"\n"


def _limit(memory: int) -> None:
    """No more memory than it has now and `memory` bytes; without a limit where there is none."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        now = pages * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + memory, now + memory))


def _alarm(seconds: float) -> None:
    """End this process by itself after `seconds`, should its caller be gone; 0 is never."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]))
