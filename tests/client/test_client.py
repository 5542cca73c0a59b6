"""The client has a method for every call of the contract and of the house."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.client.serving import Scripted
from tests.docs.reading import ROOT
from tests.making import trace
from tunix_rt.client import Client, RequestFailed
from tunix_rt.compare.schema import GateRequest, NewBaseline
from tunix_rt.court.schema import CourtConfig
from tunix_rt.curate.schema import CurateConfig, Pipeline
from tunix_rt.datasets.schema import Build
from tunix_rt.exams.schema import ExamConfig
from tunix_rt.games.schema import Play
from tunix_rt.judges.schema import JudgeConfig, Rubric
from tunix_rt.kit.ids import new_id
from tunix_rt.observers.schema import FitConfig
from tunix_rt.registry.schema import NewModel, Promote
from tunix_rt.registry.schema_exchange import CheckModel, Import, NewExport
from tunix_rt.rendering.schema_xray import LookAtTraces
from tunix_rt.runs.schema_export import NewRunExport
from tunix_rt.tasks.schema import Draw, MakeTasks
from tunix_rt.traces.schema_marks import Mark, NewMark
from tunix_rt.train.schema_contract import ManifestRequest, RunRequest, SftRequest, TrainRequest
from tunix_rt.tune.schema import Choice, NewJob
from tunix_rt.verify.schema_rulings import NewRuling

ID = new_id()
FILE = Path("never-written")
RUBRIC = Rubric(name="plan", question="Is the plan sound?")
GOOD = Mark(kind="label", name="good")
TRAINING: dict[str, Any] = {"dataset_key": "d", "model_id": "nano"}
JOB = NewJob(
    name="j",
    dataset_key="d",
    base_model_id="nano",
    metric_name="m",
    metric_mode="max",
    search_space={"batch_size": Choice(type="choice", values=[1])},
)


def calls(c: Client) -> list[Callable[[], Any]]:
    """Every method, as somebody would call it."""
    return [
        lambda: c.traces.post(trace()),
        lambda: c.traces.post_many([trace()]),
        lambda: c.traces.stream([trace()]),
        lambda: c.traces.preview(Path(__file__)),
        lambda: c.traces.get(ID),
        lambda: c.traces.original(ID),
        lambda: list(c.traces.query("source:a")),
        lambda: c.traces.facets(),
        lambda: c.traces.compare(ID, ID),
        lambda: c.traces.score(ID),
        lambda: c.traces.export(FILE),
        lambda: c.traces.formats(),
        lambda: c.traces.mark([ID], GOOD),
        lambda: c.traces.annotations(ID),
        lambda: c.traces.annotate(ID, NewMark(kind="label", name="good")),
        lambda: c.traces.end_annotation(ID, ID),
        lambda: c.traces.delete([ID]),
        lambda: c.traces.restore([ID]),
        lambda: c.traces.purge([ID]),
        lambda: c.datasets.build(Build(dataset_name="a", dataset_version="1")),
        lambda: c.datasets.ingest("a", "b"),
        lambda: list(c.datasets.list()),
        lambda: c.datasets.get("a/b"),
        lambda: c.datasets.queue_build(Build(dataset_name="a", dataset_version="1")),
        lambda: c.datasets.version("a/b"),
        lambda: list(c.datasets.rows("a/b")),
        lambda: c.datasets.verify("a/b"),
        lambda: c.datasets.diff("a/b", "c"),
        lambda: c.datasets.card("a/b", FILE),
        lambda: c.datasets.export("d", FILE),
        lambda: c.curations.stages(),
        lambda: c.curations.start(CurateConfig(pipeline=Pipeline())),
        lambda: list(c.curations.list()),
        lambda: c.curations.get(ID),
        lambda: list(c.curations.decisions(ID)),
        lambda: list(c.curations.clusters(ID)),
        lambda: list(c.curations.hits(ID)),
        lambda: c.curations.of_trace(ID),
        lambda: c.datasets.xray("d"),
        lambda: c.datasets.xray_traces(LookAtTraces(trace_ids=[ID])),
        lambda: c.datasets.exports(),
        lambda: c.datasets.export_as("d", "trl", FILE),
        lambda: list(c.runs.list()),
        lambda: c.runs.get(ID),
        lambda: c.runs.cancel(ID),
        lambda: c.runs.retry(ID),
        lambda: c.runs.exports(ID),
        lambda: c.runs.export(ID, NewRunExport(to="tensorboard")),
        lambda: c.runs.metrics(ID),
        lambda: c.runs.lineage("run", ID),
        lambda: c.runs.wait(ID),
        lambda: c.training.status(),
        lambda: c.training.recipe_schema(),
        lambda: c.training.recipes(),
        lambda: c.training.train(TrainRequest(recipe={}, dataset_key="d")),
        lambda: c.training.start(RunRequest(**TRAINING)),
        lambda: list(c.training.list()),
        lambda: c.training.get(ID),
        lambda: c.training.state(ID),
        lambda: c.training.cancel(ID),
        lambda: c.training.metrics(ID),
        lambda: list(c.training.rollouts(ID)),
        lambda: c.training.doctor(ID),
        lambda: c.training.checkpoints(ID),
        lambda: c.training.artifacts(ID),
        lambda: c.training.download(ID, "model.safetensors", FILE),
        lambda: c.training.export(SftRequest(dataset_key="d"), FILE),
        lambda: c.training.manifest(ManifestRequest(**TRAINING, output_dir="o")),
        lambda: list(c.evaluations.leaderboard()),
        lambda: c.evaluations.run(ID),
        lambda: c.evaluations.newest(ID),
        lambda: c.evaluations.get(ID),
        lambda: list(c.evaluations.items(ID)),
        lambda: c.tasks.generators(),
        lambda: c.tasks.preview(Draw(generator="arithmetic")),
        lambda: c.tasks.generate(
            MakeTasks(generator="arithmetic", count=1, into="suite", name="s")
        ),
        lambda: list(c.suites.list()),
        lambda: list(c.suites.items("s")),
        lambda: c.verify.start(),
        lambda: c.verify.of_trace(ID),
        lambda: c.verify.summary(),
        lambda: c.verify.verifiers(),
        lambda: c.verify.rulings(ID),
        lambda: c.verify.rule(ID, NewRuling(outcome="right")),
        lambda: c.court.list(),
        lambda: c.court.hold(CourtConfig()),
        lambda: c.court.witnesses(),
        lambda: c.court.get(ID),
        lambda: list(c.court.cases(ID)),
        lambda: c.court.adopt(ID),
        lambda: c.judges.list(),
        lambda: c.judges.ask(JudgeConfig(rubric=RUBRIC)),
        lambda: c.judges.get("plan@1a2b3c4d"),
        lambda: c.judges.of_trace(ID),
        lambda: c.exams.list(),
        lambda: c.exams.make(ExamConfig(name="e")),
        lambda: c.exams.get("e"),
        lambda: list(c.exams.items("e")),
        lambda: c.exams.sit("e"),
        lambda: c.exams.scores("e"),
        lambda: c.exams.export("e", FILE),
        lambda: c.observers.list(),
        lambda: c.observers.fit(FitConfig(name="o")),
        lambda: c.observers.get("o"),
        lambda: c.observers.examine("o"),
        lambda: c.observers.rank("o"),
        lambda: list(c.observers.ranking("o")),
        lambda: c.observers.export("o", FILE),
        lambda: c.regression.set_baseline(NewBaseline(name="b", run_id=ID)),
        lambda: list(c.regression.baselines()),
        lambda: c.regression.check(ID, "b"),
        lambda: c.regression.gate(GateRequest(run_id=ID, baseline_name="b")),
        lambda: c.tuning.create(JOB),
        lambda: list(c.tuning.list()),
        lambda: c.tuning.get(ID),
        lambda: c.tuning.start(ID),
        lambda: c.tuning.cancel(ID),
        lambda: c.models.create(NewModel(name="m")),
        lambda: list(c.models.list()),
        lambda: c.models.get(ID),
        lambda: c.models.promote(ID, Promote(source_run_id=ID)),
        lambda: c.models.bring(Import(source="a/b", name="m")),
        lambda: c.models.check(CheckModel(source="a/b")),
        lambda: c.models.export(ID, NewExport()),
        lambda: c.models.version(ID),
        lambda: c.models.download(ID, FILE),
        lambda: c.games.status(),
        lambda: c.games.play(Play(count=1)),
        lambda: c.games.export(FILE),
        lambda: c.server.health(),
        lambda: c.server.version(),
        lambda: c.server.redi_health(),
        lambda: c.server.metrics(),
    ]


SAME = {"/api/tunix/runs/{run_id}/logs", "/v1/traces"}
"""A call under a second address, `runs.follow` asks under the first; and one of exporters."""


def test_every_call_has_a_method() -> None:
    paths = json.loads((ROOT / "openapi.json").read_text("utf-8"))["paths"]
    known = [(m.upper(), path) for path, methods in paths.items() for m in methods]
    missed = {one for one in known if one[1] not in SAME}
    refusals = []
    with Scripted((418, {}, b"")) as server, Client(server.url) as client:
        for call in calls(client):
            try:
                call()
            except RequestFailed as failed:
                refusals.append(failed.status)

    for method, path, _ in server.asked:
        missed -= {(method, _template(known, method, path))}
    assert missed == set()
    assert set(refusals) == {418}
    assert len(refusals) == len(calls(client)) == len(server.asked)
    assert not FILE.exists()


def _template(known: list[tuple[str, str]], method: str, asked: str) -> str:
    """The path of the API that answers an address: the one with the fewest parameters."""
    plain = asked.partition("?")[0]
    fitting = [
        path
        for one, path in known
        if one == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), plain)
    ]
    return min(fitting, key=lambda path: path.count("{"))
