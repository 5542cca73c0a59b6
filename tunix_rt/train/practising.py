"""What a model practises on: problems of a dataset or of a generator, those held out, the judge."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import islice

from tunix_rt.datasets import reading
from tunix_rt.kit.errors import BadInput
from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.schema_wording import Chat, Example, Said, Segment
from tunix_rt.rendering.templating import template
from tunix_rt.rendering.tokenizing import load_chat
from tunix_rt.runs.schema import Run
from tunix_rt.tasks import making
from tunix_rt.tasks.generating import different
from tunix_rt.tasks.schema import Draw, Split, Task
from tunix_rt.train import readiness
from tunix_rt.train.keeping import Keeper
from tunix_rt.train.rewarding import Judge, Wanted
from tunix_rt.train.schema import Recipe, TrainConfig
from tunix_rt.train.schema_grpo import Drawn, Grpo, Measured, Practice, Problem

MOST = 1_000_000
"""Problems that one training may draw."""


def practice(run: Run, config: TrainConfig) -> Practice:
    """Everything that a backend is handed to let a model practise."""
    recipe, options = config.recipe, config.recipe.grpo
    assert options is not None
    chat = load_chat(recipe.rendering())
    judge = Judge(
        rewards=options.rewards,
        template=recipe.template,
        most=options.max_new_tokens,
        seed=recipe.seed,
        system=recipe.system,
        chat=chat,
    )
    pool, held_out, watched = (
        _worded(some, recipe, chat) for some in _problems(run, config, options)
    )

    def ready(found: Measured) -> None:
        _be_ready(run, found, options)

    return Practice(
        pool=pool,
        held_out=held_out,
        watched=watched,
        judge=judge,
        keep=Keeper(run, recipe.name, judge, options.group),
        ready=ready,
        sha256=_sha256([*pool, *held_out, *watched]),
    )


def _be_ready(run: Run, found: Measured, options: Grpo) -> None:
    run.result({"readiness": asdict(found), "advice": readiness.advice(found, options.readiness)})
    run.log(
        f"before: {found.greedy:.1%} of {found.problems} held-out answers right greedily, "
        f"{found.sampled:.1%} at the rollouts' temperature; {found.entropy:.3f} nats a token; "
        f"{found.varied:.1%} of groups vary"
    )
    run.log(readiness.advice(found, options.readiness))
    readiness.require(found, options.readiness)


def _problems(run: Run, config: TrainConfig, options: Grpo) -> Iterator[Sequence[Wanted]]:
    """The problems to practise on, those to measure on, and those to watch."""
    watched = 0 if options.watch is None else options.watch.problems
    held = options.held_out + watched
    if options.tasks is None:
        pool = list(_of_rows(reading.rows(run.store, config.dataset_key), train=True))
        apart = list(_of_rows(reading.rows(run.store, config.dataset_key), train=False))
        what = f"The dataset {config.dataset_key}"
        if not pool:
            raise BadInput(f"{what} has no problem with an expected answer to practise on.")
        if len(apart) < held:
            raise BadInput(
                f"{what} has {len(apart)} held-out problems with an expected answer, "
                f"and {held} are asked for.",
                hint="Freeze it with a larger split, lower grpo.held_out and grpo.watch.problems, "
                "or draw problems: [grpo.tasks].",
            )
    else:
        steps = config.recipe.steps or 0
        wanted = min(steps // options.iterations * options.prompts, MOST)
        known = {row.prompt for row in reading.rows(run.store, config.dataset_key)}
        pool = _drawn(run, options.tasks, "train", wanted, known)
        apart = _drawn(run, options.tasks, "test", held, known)
    yield pool
    yield apart[: options.held_out]
    yield apart[options.held_out : held]


def _of_rows(rows: Iterable[TraceRow], *, train: bool) -> Iterator[Wanted]:
    """The problems of one side of a dataset, each prompt once."""
    seen: set[str] = set()
    for row in rows:
        if (row.split == "train") != train or row.prompt in seen:
            continue
        meta = row.meta or {}
        data = meta.get("expected_data")
        if row.expected_answer is None and not isinstance(data, dict):
            continue
        seen.add(row.prompt)
        yield Wanted(
            key=row.id,
            prompt=row.prompt,
            expected=row.expected_answer or "",
            verifier=row.verifier,
            data=data if isinstance(data, dict) else None,
        )


def _drawn(run: Run, drawn: Drawn, split: Split, count: int, known: set[str]) -> list[Wanted]:
    """Fresh problems: no two alike, and none that the dataset holds."""
    draw = Draw(generator=drawn.generator, config=drawn.config, seed=drawn.seed, split=split)
    elsewhere = making.Elsewhere()
    try:
        stream = making.kept(run.store, draw, elsewhere.of(draw), run.write)
        unknown = (task for task in _beating(run, stream) if task.prompt not in known)
        return [
            Wanted(one.key, one.prompt, one.expected, one.verifier, one.data)
            for one in different(drawn.generator, unknown, split, count)
        ]
    finally:
        elsewhere.close()


def _beating(run: Run, tasks: Iterator[Task]) -> Iterator[Task]:
    """The tasks, with a sign of life now and then."""
    while some := list(islice(tasks, 1000)):
        run.check_cancelled()
        yield from some


def _worded(wanted: Sequence[Wanted], recipe: Recipe, chat: Chat | None) -> list[Problem]:
    wording = template(recipe.template)
    problems = []
    for one in wanted:
        given = wording.pieces(Said(one.prompt, [], "", recipe.system, chat)).given
        segments = [Segment(p.text, p.kind, p.step, 0.0, True) for p in given if p.text]
        problems.append(Problem(Example(segments, one.key), one.key, one))
    return problems


def _sha256(problems: Sequence[Problem]) -> str:
    """Of what is asked and what is expected, in order."""
    digest = hashlib.sha256()
    for one in problems:
        wanted: Wanted = one.task
        for text in (one.asked.prompt, wanted.expected, wanted.verifier or ""):
            data = text.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()
