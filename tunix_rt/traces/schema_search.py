"""What full-text search takes for a word, in a trace and in a question; on every database."""

import hashlib
import re
import unicodedata
from base64 import b32encode
from dataclasses import dataclass
from functools import lru_cache

from tunix_rt.kit.errors import BadInput
from tunix_rt.traces.schema import AnyTrace, TraceFilter, group_of

INDEXED_CHARS = 200_000
"""Characters of one trace that can be found."""

LONGEST_WORD = 64
MOST_POSITIONS = 16_383
"""PostgreSQL keeps no position behind this one."""

_SCRIPT = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_SCRIPT}]|[^\W{_SCRIPT}]+")
_LONG = re.compile(r"\w{65}")
_GROUP = "\0group"
"""The key of the prompt group among those of the meta, none of which holds this character."""

_ASKED = re.compile(r'"([^"]*)"?|([^\s"]+)')


@dataclass(frozen=True, slots=True)
class Asked:
    """What is searched for: phrases of one or more words, all of which must stand in a trace."""

    phrases: tuple[tuple[str, ...], ...]

    @property
    def fts5(self) -> str:
        """As SQLite's FTS5 wants it."""
        return " AND ".join('"' + " ".join(words) + '"' for words in self.phrases)

    @property
    def tsquery(self) -> str:
        """As PostgreSQL wants it."""
        return " & ".join(
            "(" + " <-> ".join(f"'{word}'" for word in words) + ")" for words in self.phrases
        )


def asked(wanted: TraceFilter) -> Asked | None:
    """What of a filter only the index can find; None if that is nothing."""
    phrases = [tuple(words(phrase or word)) for phrase, word in _ASKED.findall(wanted.q or "")]
    found = list(dict.fromkeys(phrase for phrase in phrases if phrase))
    if wanted.q and not found:
        raise BadInput("The search holds no word.", hint="Words are letters and digits.")
    found += [(_sign(*pair.split("=", 1)),) for pair in wanted.meta]
    if wanted.group is not None:
        found.append((_sign(_GROUP, wanted.group),))
    return Asked(tuple(found)) if found else None


def words(said: str) -> list[str]:
    """The words of a text: lower case, no accents; a Chinese or Japanese sign is one."""
    plain = said[:INDEXED_CHARS].casefold()
    if not plain.isascii():
        # and once more: what decomposes may give capital letters, as those of mathematics do
        plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
        plain = "".join(one for one in plain if not unicodedata.combining(one))
    return [word[:LONGEST_WORD] for word in _WORD.findall(plain)]


def document(new: AnyTrace) -> str:
    """The text a trace can be found by: cut at what is no letter, it gives its `words`.

    The words that stand for its group and its meta come first: a long text is cut at its end.
    """
    said = "\n".join([new.prompt, *(step.content for step in new.steps), new.final_answer])
    said = said[:INDEXED_CHARS]
    if not said.isascii() or _LONG.search(said):
        said = " ".join(words(said))
    pairs = [
        _sign(key, _said(value))
        for key, value in (new.meta or {}).items()
        if isinstance(value, str | int | float)
    ]
    return " ".join([_sign(_GROUP, group_of(new.prompt)), *pairs, said])[:INDEXED_CHARS]


def vector(document: str) -> str:
    """A document as PostgreSQL's tsvector, in text."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words(document), 1):
        places.setdefault(word, []).append(min(place, MOST_POSITIONS))
    return " ".join(f"'{word}':{','.join(map(str, at[:255]))}" for word, at in places.items())


@lru_cache(maxsize=4096)
def _sign(key: str, value: str) -> str:
    """One word that stands for a pair of the meta, and for nothing that anybody writes."""
    digest = hashlib.sha256(f"{key}\0{value}".encode()).digest()
    return "zq" + b32encode(digest[:10]).decode().lower()


def _said(value: str | float) -> str:
    """A meta value as people write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
