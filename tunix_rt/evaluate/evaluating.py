"""One verdict per item and sample, committed as it is made, so that a crash loses a batch.

Called again after a crash it goes on behind what was committed. The model is asked in
the order of the suite, and a greedy answer does not depend on its batch.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec

from tunix_rt.evaluate import query
from tunix_rt.evaluate.asking import model_folder
from tunix_rt.evaluate.metrics import scores
from tunix_rt.evaluate.schema import EvaluateConfig
from tunix_rt.generate import completing
from tunix_rt.generate.schema import Sampling
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.words import no_nul
from tunix_rt.rendering.templating import template
from tunix_rt.runs import query as runs
from tunix_rt.runs import query_read
from tunix_rt.runs.schema import Run
from tunix_rt.store import Connection, Row, Store
from tunix_rt.tasks import query as tasks
from tunix_rt.verify.checking import check_answer

Job = tuple[Row[Any], int]
"""An item of the suite, and which sample of it."""

Result = dict[str, Any]
"""A row of `evaluation_item` without its evaluation."""

MISSING = {
    "output": "",
    "answer": None,
    "outcome": "missing",
    "method": "none",
    "version": "1",
    "tokens": None,
}


def evaluate(run: Run, config: EvaluateConfig) -> Row[Any]:
    """Measure and return the finished evaluation's row."""
    with run.write() as connection:
        config = _with_model(connection, config)
        tasks.get(connection, config.suite)
        items = tasks.items(connection, config.suite, limit=config.limit)
        evaluation_id = query.begin(connection, run.id, config)
        done = query.done(connection, evaluation_id)
    jobs = [
        (item, sample)
        for sample in range(config.samples)
        for item in items
        if (item.position, sample) not in done
    ]
    total = len(items) * config.samples
    run.log(f"{config.model_id} on {config.suite}: {total} answers, {len(done)} known already")
    results = (
        _asked(config, jobs)
        if config.predictions is None
        else _recorded(run.store, config.predictions, jobs)
    )
    count = len(done)
    while batch := list(islice(results, config.batch_size)):
        with run.write() as connection:
            query.add_items(connection, evaluation_id, batch)
        count += len(batch)
        run.progress(count, total, f"{count} of {total} answers")
    with run.write() as connection:
        found = scores(query.tally(connection, evaluation_id))
        row = query.finish(connection, evaluation_id, found)
        runs.link(connection, _edges(row))
    return row


def _with_model(connection: Connection, config: EvaluateConfig) -> EvaluateConfig:
    """The same with the folder of the model that a run has made since this was queued."""
    if config.model_folder is not None or config.subject_run_id is None or config.predictions:
        return config
    subject = query_read.get(connection, config.subject_run_id)
    return config.model_copy(update={"model_folder": model_folder(subject)})


def _asked(config: EvaluateConfig, jobs: Sequence[Job]) -> Iterator[Result]:
    """Ask the model, sample by sample: each has its own seed."""
    told = _told(config)
    wording = template(config.template)
    for sample in range(config.samples):
        mine = [item for item, own in jobs if own == sample]
        sampling = Sampling(
            max_new_tokens=config.max_new_tokens,
            temperature=config.temperature,
            seed=config.seed + sample,
        )
        completions = completing.complete(
            config.provider,
            [wording.prompt_of(item.prompt, config.system) for item in mine],
            sampling,
            told,
        )
        for item, completion in zip(mine, completions, strict=True):
            answer = wording.answer_of(completion.text)
            yield {
                **_judged(item, sample, answer),
                "output": no_nul(completion.text),
                "finish": completion.finish,
                "tokens": completion.tokens,
            }


def _told(config: EvaluateConfig) -> dict[str, Any]:
    """What the provider is told. A chat's turns are the provider's to write, or its server's."""
    told = {"batch_size": config.batch_size, **config.provider_config}
    if config.model_folder is not None:
        told["model"] = config.model_folder
    if "model" not in told:
        raise BadInput("The evaluation names neither a model nor predictions.")
    if config.template == "chat":
        takes = completing.providers.load(config.provider).Config.model_fields
        told |= {"chat": True} if "chat" in takes else {}
        told |= {} if config.system is None else {"system": config.system}
    return told


def _recorded(store: Store, sha256: str, jobs: Sequence[Job]) -> Iterator[Result]:
    """What was predicted; an item without a prediction is `missing`."""
    with store.blobs.open(sha256) as file:
        said = {line["id"]: line["prediction"] for line in map(msgspec.json.decode, file)}
    for item, sample in jobs:
        prediction = said.get(item.key)
        if prediction is None:
            reason = "There is no prediction for this item."
            yield {**_item(item, sample), **MISSING, "reason": reason, "finish": "recorded"}
        else:
            yield {
                **_judged(item, sample, prediction),
                "output": no_nul(prediction),
                "finish": "recorded",
                "tokens": None,
            }


def _judged(item: Row[Any], sample: int, answer: str) -> Result:
    verdict = check_answer(item.expected, answer, item.verifier or None, data=item.data)
    return {
        **_item(item, sample),
        "answer": no_nul(answer),
        "outcome": verdict.outcome,
        "method": verdict.method,
        "version": verdict.version,
        "reason": no_nul(verdict.reason),
    }


def _item(item: Row[Any], sample: int) -> Result:
    return {
        "position": item.position,
        "sample": sample,
        "item": item.key,
        "family": item.family,
        "prompt": item.prompt,
        "expected": item.expected,
    }


def _edges(row: Row[Any]) -> list[runs.Edge]:
    label = f"{row.model_id} on {row.suite}: {row.accuracy:.1%}"
    here = ("evaluation", row.id, label)
    edges: list[runs.Edge] = [
        ("suite", row.suite, row.suite, *here, "measured on"),
        ("run", row.run_id, "evaluate", *here, "measured by"),
    ]
    if row.subject_run_id is not None:
        edges.append(("run", row.subject_run_id, row.model_id, *here, "measures"))
    return edges
