"""Every error this project raises on purpose.

    TunixError                     we know what went wrong and can say so
    ├── BadRequest          400    the request makes no sense as a whole
    ├── Forbidden           403    a path or an act outside what is allowed
    ├── NotFound            404    no such row, file or plugin
    ├── Conflict            409    well-formed, but the state forbids it
    ├── TooLarge            413    more bytes than the limit
    ├── BadInput            422    what you gave us is malformed
    ├── MissingExtra        501    an optional library is not installed
    ├── Unreachable         502    something outside this house failed
    ├── Broken              503    our own disk or database refuses
    ├── Cancelled                  somebody asked the run to stop
    └── Lost                       another worker has the run: nothing more is kept

Anything else that escapes is a bug and is reported as one. A wrong answer, an
unparsable trace or a refused generation is none of these: it is *data*, and is
written on its row.
"""


class TunixError(Exception):
    """Base of all explained failures: one sentence, and if possible a way out."""

    status = 500

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}" if self.hint else self.message


class BadRequest(TunixError):
    """The request makes no sense as a whole."""

    status = 400


class Forbidden(TunixError):
    """A path or an act outside what is allowed."""

    status = 403


class NotFound(TunixError):
    """No such row, file or plugin."""

    status = 404


class Conflict(TunixError):
    """The request is well-formed, but the current state forbids it."""

    status = 409


class TooLarge(TunixError):
    """More bytes than the limit."""

    status = 413


class BadInput(TunixError):
    """The caller's data is malformed."""

    status = 422


class Broken(TunixError):
    """Our own disk or database refuses: full, read-only, or from another version."""

    status = 503


class MissingExtra(TunixError):
    """An optional library is needed and not installed."""

    status = 501


class Unreachable(TunixError):
    """Something outside this house failed: a provider, a bucket."""

    status = 502


class Cancelled(TunixError):
    """Somebody asked the run to stop; raised at the next safe place."""

    status = 409


class Lost(TunixError):
    """The run belongs to somebody else by now: who meets this ends, and writes nothing more.

    It is no `Cancelled`, for whoever is asked to stop keeps where it is, and that place is taken.
    """

    status = 409

    def __init__(self) -> None:
        super().__init__("Another worker has taken this run over.")
