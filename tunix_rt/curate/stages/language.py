"""Keep traces in given languages, told by their letters and words, without a download.

py3langid tells the languages of `among` apart. Numbers, formulas and code say nothing of a
language, so they are left out; what has too few letters then, or is told with less than
`confidence`, is kept and not guessed, unless `unsure` says drop. It tells the one main language
of a text: a sentence in another one inside it is found by the detector `language-switch`.
"""

import re
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field

from tunix_rt.curate.schema import Around, Drop, Each, Options, Seen, Share
from tunix_rt.kit.errors import BadInput, MissingExtra

VERSION = "1"
NEEDS: tuple[str, ...] = ()
LONGEST = 4_000
"""Characters that are looked at: the language of a longer text is clear by then."""

_NO_WORDS = re.compile(r"\$[^$\n]{0,500}\$|\\[A-Za-z]+|\b[^\W\d_]{0,40}\d\w*|[^\w\s]|_")
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]


class Config(Options):
    """Languages by their ISO 639-1 codes."""

    keep: Annotated[tuple[Language, ...], Field(min_length=1)] = ("en",)
    among: tuple[Language, ...] = (
        *("ar", "de", "en", "es", "fr", "hi", "it", "ja", "ko"),
        *("nl", "pl", "pt", "ru", "tr", "uk", "vi", "zh"),
    )
    """Languages that are thought of at all, besides those to keep."""

    of: Literal["prompt", "steps", "trace"] = "trace"
    confidence: Share = 0.6
    letters: Annotated[int, Field(ge=1, le=LONGEST)] = 20
    """Fewer letters tell no language."""

    unsure: Literal["keep", "drop"] = "keep"


def begin(options: Config, around: Around) -> Each:
    """Tell the language of each trace."""
    tell = _teller(tuple(sorted({*options.among, *options.keep})))
    kept = frozenset(options.keep)

    def judge(trace: Seen) -> Drop | None:
        said = [trace.prompt] if options.of != "steps" else []
        text = "\n".join([*said, *trace.steps] if options.of != "prompt" else said)
        plain = _NO_WORDS.sub(" ", text[: 4 * LONGEST])[:LONGEST]
        if sum(map(str.isalpha, plain)) < options.letters:
            return Drop("too few letters") if options.unsure == "drop" else None
        language, confidence = tell.classify(plain)
        if confidence < options.confidence:
            if options.unsure == "keep":
                return None
            return Drop("language unsure", {"confidence": round(float(confidence), 3)})
        if language in kept:
            return None
        return Drop("other language", {"language": language, "confidence": round(confidence, 3)})

    return judge


@cache
def _teller(among: tuple[str, ...]) -> Any:
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier
    except ImportError as error:
        raise MissingExtra(
            "What tells languages is not installed.", hint="pip install 'tunix-rt[curate]'"
        ) from error
    teller = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    known = set(teller.nb_classes)
    if strange := [one for one in among if one not in known]:
        raise BadInput(f"The language {strange[0]!r} is not among those that can be told.")
    teller.set_languages(list(among))
    return teller
