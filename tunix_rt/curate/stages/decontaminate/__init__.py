"""Drop traces that hold an item of an eval set, and show where, text against text.

A trace is contaminated when it shares one gram of 13 words with an item, or half of the item's
8-word grams, as it is written or with digits masked; when its prompt is an item that is too short
for grams; or when its prompt and an item have an edit ratio of 95 or more (GPT-3, open-r1 and
OpenThoughts use one of these each).
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from tunix_rt.curate.schema import Around, Drop, Each, ItemText, Options, Seen
from tunix_rt.curate.stages.decontaminate.matching import Found, Items
from tunix_rt.kit.words import Text

VERSION = "1"
NEEDS: tuple[str, ...] = ()
GIVEN = "given"
"""The suite of items that stand in the pipeline itself."""


class Config(Options):
    """Against what, and by which rules."""

    suites: Annotated[tuple[Text, ...], Field(max_length=100)] = ()
    items: Annotated[tuple[Text, ...], Field(max_length=10_000)] = ()
    """Prompts that are in no suite."""

    any_gram: Annotated[int, Field(ge=4, le=100)] | None = 13
    """One shared gram of so many words is enough; null switches the rule off."""

    half_gram: Annotated[int, Field(ge=3, le=50)] = 8
    """Half of an item's grams of so many words are enough."""

    ratio: Annotated[float, Field(ge=80, le=100)] | None = 95.0
    masked: bool = True
    """Look at the text with masked digits too. It finds items with other numbers in them, and
    so also what a generator made of the same template: switch it off where that is wanted."""

    of: Literal["trace", "prompt"] = "trace"

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if not (self.suites or self.items):
            raise ValueError("name suites, or give items")
        if self.any_gram is not None and self.any_gram < self.half_gram:
            raise ValueError("any_gram is shorter than half_gram")
        return self


def begin(options: Config, around: Around) -> Each:
    """Look into each trace for every item."""
    given = [ItemText(GIVEN, str(n), prompt) for n, prompt in enumerate(options.items)]
    against = Items(
        [*around.items(options.suites), *given],
        cover=options.half_gram,
        any_=options.any_gram,
        masked=options.masked,
        ratio=options.ratio,
    )

    def judge(trace: Seen) -> Drop | None:
        parts = [*trace.parts()] if options.of == "trace" else [("prompt", trace.prompt)]
        found = against.find(parts)
        return None if found is None else Drop("contaminated", _shown(found))

    return judge


def _shown(found: Found) -> dict[str, object]:
    """The evidence, without the texts: they stand in the trace and in the suite."""
    shown = found._asdict()
    item: ItemText = shown.pop("item")
    return {"suite": item.suite, "item": item.key, **shown, "share": round(found.share, 4)}
