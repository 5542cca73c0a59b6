"""The server itself, and the engines beside it."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel

from tunix_rt.client.talking import Talk
from tunix_rt.games.schema import EngineStatus, Play, PlayedMany
from tunix_rt.generate.schema import RediHealth


class Health(BaseModel):
    """Whether the server can work."""

    status: str


class Version(BaseModel):
    """Which version answers."""

    version: str


class Server:
    """Whether the server is there, and which one it is."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def health(self) -> str:
        """`healthy`; a server that cannot work raises."""
        return self._talk.get("/api/health", Health).status

    def version(self) -> str:
        """The version of the server."""
        return self._talk.get("/api/version", Version).version

    def redi_health(self) -> RediHealth:
        """Whether the RediAI server beside it answers."""
        return self._talk.get("/api/redi/health", RediHealth)

    def metrics(self) -> str:
        """What Prometheus reads."""
        return self._talk.ask("GET", "/metrics", again=True).text


class Games:
    """The card-game engine: deals with exact odds, stored as traces."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def status(self) -> EngineStatus:
        """Whether the engine is installed."""
        return self._talk.get("/api/ungar/status", EngineStatus)

    def play(self, request: Play) -> PlayedMany:
        """Play games of High Card Duel and store each as a trace."""
        return self._talk.post("/api/ungar/high-card-duel/generate", request, PlayedMany)

    def export(
        self, file: Path | str, *, limit: int = 100, trace_ids: Sequence[str] | None = None
    ) -> Path:
        """Write the newest games, or those named, to a file."""
        ids = None if trace_ids is None else ",".join(trace_ids)
        path = "/api/ungar/high-card-duel/export.jsonl"
        return self._talk.download(path, file, limit=limit, trace_ids=ids)
