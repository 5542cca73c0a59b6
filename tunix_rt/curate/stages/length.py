"""Keep traces of a length: steps, characters, and tokens where a tokenizer is named."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from tunix_rt.curate.schema import Around, Drop, Each, Options, Seen
from tunix_rt.kit.words import Text

VERSION = "1"
NEEDS: tuple[str, ...] = ()
Bound = Annotated[int, Field(ge=0, le=2**31 - 1)] | None


class Config(Options):
    """Bounds, both ends included; what is not given is not bounded."""

    steps_min: Bound = None
    steps_max: Bound = None
    chars_min: Bound = None
    chars_max: Bound = None
    """Characters of the steps and the answer."""

    prompt_chars_min: Bound = None
    prompt_chars_max: Bound = None
    tokens_min: Bound = None
    tokens_max: Bound = None
    """Tokens of the prompt, the steps and the answer, without those of a template."""

    tokenizer: Text | None = None
    """The folder of a model with its tokenizer.json."""

    @model_validator(mode="after")
    def _tokens_are_counted(self) -> Self:
        bounded = self.tokens_min is not None or self.tokens_max is not None
        if bounded and self.tokenizer is None:
            raise ValueError("tokens are counted by a tokenizer: name its folder")
        return self


def begin(options: Config, around: Around) -> Each:
    """Compare each measure with its bounds."""
    measures: list[tuple[str, Callable[[Seen], int]]] = [
        ("steps", lambda trace: len(trace.steps)),
        ("chars", lambda trace: trace.length),
        ("prompt_chars", lambda trace: len(trace.prompt)),
    ]
    if options.tokenizer is not None:
        measures.append(("tokens", _counter(Path(options.tokenizer))))
    bounds = [
        (name, measure, getattr(options, f"{name}_min"), getattr(options, f"{name}_max"))
        for name, measure in measures
    ]
    asked = [one for one in bounds if one[2] is not None or one[3] is not None]

    def judge(trace: Seen) -> Drop | None:
        for name, measure, least, most in asked:
            number = measure(trace)
            if least is not None and number < least:
                return Drop(f"too few {name}", {name: number, "least": least})
            if most is not None and number > most:
                return Drop(f"too many {name}", {name: number, "most": most})
        return None

    return judge


def _counter(folder: Path) -> Callable[[Seen], int]:
    from tunix_rt.registry.loading.tokenizer import load_tokenizer

    tokenizer = load_tokenizer(folder)

    def count(trace: Seen) -> int:
        return sum(map(len, tokenizer.encode_many([text for _, text in trace.parts()])))

    return count
