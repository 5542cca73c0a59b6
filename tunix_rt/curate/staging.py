"""Stages by name, and their options checked; what is unknown is said with the nearest name."""

from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any, Protocol

from pydantic import ValidationError

from tunix_rt.curate.schema import Around, Each, Options, Pipeline, StageConfig, Whole
from tunix_rt.curate.schema_report import KnownStage
from tunix_rt.kit.catalog import Catalog
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.paths import confined
from tunix_rt.kit.settings import Settings


class Stage(Protocol):
    """What a module in `stages/` provides."""

    VERSION: str
    NEEDS: tuple[str, ...]
    """What has to be read besides the trace: `steps` (their verdict), `rulings`."""

    Config: type[Options]

    def begin(self, options: Any, around: Around) -> Each | Whole:
        """A judge of traces, one at a time or all together."""


stages = Catalog[Stage]("tunix_rt.curate.stages", kind="stage")
stage = cache(stages.load)

LIMIT = "limit"
"""What drops more traces than a pipeline may keep, behind its last stage."""


def options_of(config: StageConfig, number: int) -> Options:
    """The checked options of the stage `number`, counted from 1, or `BadInput`."""
    where = f"Stage {number}"
    if config.stage not in stages.names():
        raise BadInput(
            f"{where}: there is no stage {config.stage[:80]!r}.",
            hint=nearest(config.stage, stages.names()),
        )
    known = stage(config.stage).Config
    for key in config.options:
        if key not in known.model_fields:
            raise BadInput(
                f"{where} ({config.stage}): {key[:80]!r} is no option.",
                hint=nearest(key, known.model_fields),
            )
    try:
        return known.model_validate(config.options)
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(map(str, first["loc"]))
        said = first["msg"].removeprefix("Value error, ")
        raise BadInput(f"{where} ({config.stage}): {at + ': ' if at else ''}{said}.") from None


def checked(pipeline: Pipeline) -> list[Options]:
    """The options of every stage of a pipeline, or `BadInput` for the first that is wrong."""
    return [options_of(config, number) for number, config in enumerate(pipeline.stages, 1)]


def name_of(pipeline: Pipeline, place: int) -> str:
    """The stage at a place; behind the last one it is the limit."""
    return pipeline.stages[place].stage if place < len(pipeline.stages) else LIMIT


def versions(pipeline: Pipeline) -> dict[str, str]:
    """The version of every stage that a pipeline names."""
    return {config.stage: stage(config.stage).VERSION for config in pipeline.stages}


def known() -> list[KnownStage]:
    """Every stage, with what it takes."""
    return [
        KnownStage(
            name=name,
            version=stage(name).VERSION,
            summary=stages.summary(name),
            options=stage(name).Config.model_json_schema(),
        )
        for name in stages.names()
    ]


def nearest(said: str, names: Sequence[str] | Any) -> str:
    """The name that was probably meant, or all of them."""
    found = get_close_matches(said, list(names), n=1)
    return f"Did you mean {found[0]}?" if found else f"Known: {', '.join(names)}."


def confined_pipeline(pipeline: Pipeline, settings: Settings) -> Pipeline:
    """The same with each tokenizer's folder resolved under those that a server may use."""
    stages = []
    for one in pipeline.stages:
        folder = one.options.get("tokenizer")
        if isinstance(folder, str):
            resolved = {**one.options, "tokenizer": str(confined(folder, settings))}
            stages.append(one.model_copy(update={"options": resolved}))
        else:
            stages.append(one)
    return pipeline.model_copy(update={"stages": tuple(stages)})
