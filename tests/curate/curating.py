"""Stages asked in a test, and pipelines run on the real store."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.court.sitting import begin, finish
from tunix_rt.curate import reading
from tunix_rt.curate.jobs import do
from tunix_rt.curate.schema import (
    Around,
    CurateConfig,
    Drop,
    ItemText,
    Mark,
    Outcomes,
    Pipeline,
    Said,
    Seen,
    StageConfig,
)
from tunix_rt.curate.schema_report import Curation, Decision
from tunix_rt.curate.staging import options_of, stage
from tunix_rt.curate.wording import number_of
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Store
from tunix_rt.verify.jobs import verify
from tunix_rt.verify.schema import VerifyConfig


def seen(*steps: str, prompt: str = "How many?", answer: str = "4", **more: Any) -> Seen:
    """A trace as a stage sees it; its key comes from what it says."""
    key = number_of("\x1f".join([prompt, *steps, answer, str(more)]))
    group = number_of(prompt)
    return Seen(0, key, prompt, answer, steps or ("2 + 2 = 4",), group=group, **more)


def ask(
    name: str,
    *traces: Seen,
    items: Sequence[ItemText] = (),
    outcomes: Mapping[int, Sequence[Outcomes]] | None = None,
    seed: int = 0,
    **options: Any,
) -> list[Said | None]:
    """What a stage says of each trace, in their order."""
    for place, trace in enumerate(traces):
        trace.place = place
    found: list[Said | None] = [None] * len(traces)
    with TemporaryDirectory() as folder:
        around = Around(
            seed,
            Path(folder),
            lambda places: [traces[place] for place in places],
            lambda suites: items,
            lambda evaluations: outcomes or {},
        )
        begun = stage(name).begin(options_of(StageConfig(stage=name, options=options), 1), around)
        if callable(begun):
            return [begun(trace) for trace in traces]
        for trace in traces:
            found[trace.place] = begun.see(trace)
        for place, said in begun.end():
            found[place] = said
    return found


def reasons(name: str, *traces: Seen, **given: Any) -> list[str | None]:
    """Why each trace is dropped; null for those that stay."""
    said = ask(name, *traces, **given)
    return [one.reason if isinstance(one, Drop) else None for one in said]


def kept(name: str, *traces: Seen, **given: Any) -> list[Seen]:
    """The traces that stay."""
    said = reasons(name, *traces, **given)
    return [trace for trace, one in zip(traces, said, strict=True) if one is None]


def marks(name: str, *traces: Seen, **given: Any) -> list[Mark | None]:
    """The marks of each trace."""
    return [one if isinstance(one, Mark) else None for one in ask(name, *traces, **given)]


def pipeline(*stages: dict[str, Any] | str, **more: Any) -> Pipeline:
    """A pipeline of stages, by name or with their options."""
    named = [{"stage": one} if isinstance(one, str) else one for one in stages]
    return Pipeline.model_validate({"name": "test", "stages": named, **more})


def curate(store: Store, folder: Path, *stages: dict[str, Any] | str, **more: Any) -> Curation:
    """Run a pipeline to its end and return its report."""
    how = {name: more.pop(name) for name in ("dry_run", "sample") if name in more}
    config = CurateConfig(pipeline=pipeline(*stages, **more), **how)
    run = begin(store, reading.new(config))
    run.folder = folder
    do(run, config)
    finish(store, run)
    with store.read() as connection:
        return reading.curation(connection, run.id)


def verified(store: Store) -> None:
    """Judge every trace of the store."""
    config = VerifyConfig()
    run = begin(store, NewRun(kind="verify", name="verify", config=config))
    verify(run, config)
    finish(store, run)


def decisions(store: Store, run_id: str, **wanted: Any) -> Iterator[Decision]:
    """What was said of each trace."""
    with store.read() as connection:
        yield from reading.decisions(connection, run_id, **wanted, limit=1_000).data
