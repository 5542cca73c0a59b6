"""Whether RediAI answers; asked again only when the last answer is old enough."""

import time

from anyio import Lock
from anyio.to_thread import run_sync

from tunix_rt.generate.schema import RediHealth
from tunix_rt.kit.asking import ask
from tunix_rt.kit.errors import Unreachable
from tunix_rt.kit.settings import Settings

SECONDS = 5.0
MOST_BYTES = 1 << 20


class Health:
    """The last answer, and when it came; one instance per application."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._asking = Lock()
        self._last: tuple[float, RediHealth] | None = None

    async def now(self) -> RediHealth:
        """The health of RediAI; who asks while another asks waits, without a thread, for that."""
        async with self._asking:
            if self._last is not None:
                when, said = self._last
                if time.monotonic() - when < self._settings.rediai_health_seconds:
                    return said
            said = await run_sync(check, self._settings)
            self._last = (time.monotonic(), said)
            return said


def check(settings: Settings) -> RediHealth:
    """Ask RediAI now; never fails."""
    if settings.rediai_mode == "mock":
        return RediHealth(status="healthy")
    url = settings.rediai_url + settings.rediai_health_path
    try:
        answer = ask("GET", url, seconds=SECONDS, most_bytes=MOST_BYTES)
    except Unreachable as error:
        return RediHealth(status="down", error=error.message)
    if 200 <= answer.status < 300:
        return RediHealth(status="healthy")
    return RediHealth(status="down", error=f"HTTP {answer.status}")
