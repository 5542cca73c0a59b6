"""tunix-rt demo: run the whole loop, from generated traces to a better model, here and now.

Nothing stale can be reused: traces, suite and dataset are named by the hash of what
was generated, and every run is a new run.
"""

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import msgspec

from tunix_rt.cli.serve import serve
from tunix_rt.datasets import freezing
from tunix_rt.datasets.schema import Build
from tunix_rt.evaluate import asking
from tunix_rt.evaluate import query as evaluations
from tunix_rt.evaluate.schema import EvaluateConfig
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.files import write_whole
from tunix_rt.kit.ids import now
from tunix_rt.kit.terminal import emit_json, json_option, progress, say, table
from tunix_rt.registry import promoting
from tunix_rt.registry.schema import NewModel, Promote
from tunix_rt.runs.foreground import do_now
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Row
from tunix_rt.store.session import Session, pass_session
from tunix_rt.tasks import generating, suites
from tunix_rt.tasks.schema import Task
from tunix_rt.traces import importing
from tunix_rt.traces.schema import TraceFilter
from tunix_rt.train.queueing import slot
from tunix_rt.train.recipes import load_recipe
from tunix_rt.train.schema import Recipe, TrainConfig
from tunix_rt.train.starting import starting_file
from tunix_rt.verify.schema import VerifyConfig

GENERATOR = "arithmetic"
MODEL = "demo"


@click.command()
@click.option("--traces", default=20_000, type=click.IntRange(100, 1_000_000), show_default=True)
@click.option("--items", default=600, type=click.IntRange(10, 100_000), show_default=True)
@click.option("--seed", default=0, type=click.IntRange(0), show_default=True)
@click.option("--steps", type=click.IntRange(1), help="Training steps, instead of the recipe's.")
@click.option("--no-serve", is_flag=True, help="End when the loop is done.")
@click.option("--no-open", is_flag=True, help="Do not open the browser.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port of the web.")
@json_option
@click.pass_context
@pass_session
def demo(
    session: Session,
    context: click.Context,
    traces: int,
    items: int,
    seed: int,
    steps: int | None,
    no_serve: bool,
    no_open: bool,
    port: int | None,
    as_json: bool,
) -> None:
    """Run the whole loop: collect, verify, freeze, measure, train, measure again, register."""
    changes = {"seed": seed} | ({"steps": steps} if steps else {})
    loop = Loop(
        session,
        load_recipe(starting_file("demo"), changes),
        quiet=as_json,
    )
    found = loop.run(traces=traces, items=items, seed=seed)
    if as_json:
        emit_json(found)
    else:
        _show(found)
    if not no_serve:
        context.invoke(serve, host="127.0.0.1", port=port, no_open=no_open, workers=1)


class Loop:
    """One turn of the loop, step by step, each step what a user would do by hand."""

    def __init__(self, session: Session, recipe: Recipe, *, quiet: bool) -> None:
        self.session = session
        self.recipe = recipe
        self.quiet = quiet
        self.began = time.monotonic()

    def run(self, *, traces: int, items: int, seed: int) -> dict[str, Any]:
        """Every step in order; what the demo reports."""
        label = self.collect(traces, seed)
        verified = self.verify(label)
        dataset_key = self.freeze(label)
        suite = self.suite(items, seed)
        config = TrainConfig(recipe=self.recipe, dataset_key=dataset_key)
        before = self.measure(suite, "untrained", self.train(config, "initialise"))
        trained = self.train(config, "train")
        after = self.measure(suite, f"{MODEL} seed {seed}", trained)
        version = self.register(trained, before, after)
        return {
            "before": before.accuracy,
            "after": after.accuracy,
            "ci95": [after.ci_low, after.ci_high],
            "n_items": after.n_items,
            "families": {f["family"]: f["accuracy"] for f in after.families},
            "traces": verified["judged"],
            "verdicts": verified["answers"],
            "train_seconds": round(trained.result["seconds"], 2),
            "total_seconds": round(time.monotonic() - self.began, 2),
            "dataset_key": dataset_key,
            "run_id": trained.id,
            "evaluation_id": after.id,
            "model_version": version,
        }

    def collect(self, count: int, seed: int) -> str:
        """Generate traces into a file and import it; the source they are stored under."""
        self.say(f"1 collect   {count:,} worked problems")
        tasks = list(generating.tasks(GENERATOR, None, seed, "train", count))
        label = f"demo-{_digest(tasks)}"
        with TemporaryDirectory() as folder:
            file = Path(folder) / f"{label}.jsonl"
            write_whole(file, _lines(tasks, label))
            with progress("import", file.stat().st_size) as advance:
                report = importing.import_file(
                    self.session.store,
                    file,
                    format="jsonl",
                    source=label,
                    on_batch=lambda _report, offset: advance(offset),
                )
        if report.rejected:
            raise BadInput(f"{report.rejected} generated traces are none: {report.examples[0]}")
        self.say(f"            {report.added:,} added, {report.known:,} known already")
        return label

    def verify(self, label: str) -> dict[str, Any]:
        """Check every answer and every step."""
        self.say("2 verify    every answer, every step")
        config = VerifyConfig(filter=TraceFilter(source=label), again=True)
        new = NewRun(kind="verify", name=f"verify {label}", config=config)
        found: dict[str, Any] = do_now(self.session, new, quiet=True).result
        return found

    def freeze(self, label: str) -> str:
        """Freeze the traces whose answer is right under a name nobody has used."""
        build = Build(
            dataset_name="demo",
            dataset_version=f"{now():%Y%m%d-%H%M%S}-seed{self.recipe.seed}",
            filters={"source": label, "verdict": "right"},
            limit=10_000_000,
            provenance={"made_by": "tunix-rt demo"},
        )
        manifest = freezing.freeze(self.session.store, build)
        self.say(f"3 freeze    {manifest.trace_count:,} traces as {manifest.dataset_key}")
        return manifest.dataset_key

    def suite(self, count: int, seed: int) -> str:
        """Held-out problems as a suite named by its content."""
        tasks = list(generating.tasks(GENERATOR, None, seed, "test", count))
        name = f"{GENERATOR}-{_digest(tasks)}"
        origin = {"generator": GENERATOR, "seed": seed, "split": "test"}
        suites.from_tasks(self.session.store, name, origin, tasks)
        return name

    def train(self, config: TrainConfig, kind: str) -> Row[Any]:
        """Train, or only write the model that training starts from."""
        if kind == "train":
            self.say(f"5 train     {self.recipe.steps} steps")
        name = f"{kind} {self.recipe.name} on {config.dataset_key}"
        new = NewRun(
            kind=kind,
            name=name,
            config=config,
            dataset_key=config.dataset_key,
            model_id=MODEL,
            device=slot(config.recipe),
        )
        return do_now(self.session, new, quiet=True)

    def measure(self, suite: str, name: str, made: Row[Any]) -> Row[Any]:
        """Ask the model of a run every held-out question."""
        self.say(f"{4 if name == 'untrained' else 6} evaluate  {name}")
        config = EvaluateConfig(
            suite=suite,
            model_id=name,
            model_folder=made.result["model_folder"],
            subject_run_id=made.id,
            dataset_key=made.dataset_key,
            template=self.recipe.template,
            max_new_tokens=self.recipe.max_seq_length,
            batch_size=256,
        )
        done = do_now(self.session, asking.run_of(config), quiet=True)
        with self.session.store.read() as connection:
            return evaluations.get(connection, done.result["evaluation_id"])

    def register(self, trained: Row[Any], before: Row[Any], after: Row[Any]) -> str | None:
        """Register the trained model if its interval lies above the untrained one's."""
        if after.ci_low <= before.ci_high:
            self.say("7 register  nothing: the data cannot tell that training helped")
            return None
        new = NewModel(name=MODEL, description="Made by tunix-rt demo.")
        wanted = Promote(source_run_id=trained.id)
        store, metrics = self.session.store, {"accuracy": after.accuracy}
        row = promoting.promote(store, new, wanted, metrics)
        self.say(f"7 register  {MODEL} {row.version}")
        return f"{MODEL} {row.version}"

    def say(self, text: str) -> None:
        """A line about what happens, with the seconds since the beginning."""
        if not self.quiet:
            say(f"{time.monotonic() - self.began:6.1f} s  {text}")


def _digest(tasks: list[Task]) -> str:
    """Twelve hex digits that name a list of tasks by its content."""
    whole = hashlib.sha256()
    for task in tasks:
        steps = [step.content for step in task.steps]
        whole.update(msgspec.json.encode([task.prompt, task.expected, steps]))
    return whole.hexdigest()[:12]


def _lines(tasks: list[Task], label: str) -> Iterator[bytes]:
    for trace in suites.traces(iter(tasks)):
        trace["meta"]["demo"] = label
        yield msgspec.json.encode(trace) + b"\n"


def _show(found: dict[str, Any]) -> None:
    table(
        ("", "exact answers on held-out problems"),
        [
            ("before", f"{found['before']:.1%}"),
            (
                "after",
                f"{found['after']:.1%}  (95 %: {found['ci95'][0]:.1%} to {found['ci95'][1]:.1%}, "
                f"n = {found['n_items']})",
            ),
            *((f"  {name}", f"{share:.1%}") for name, share in found["families"].items()),
            ("training", f"{found['train_seconds']:.0f} s"),
            ("everything", f"{found['total_seconds']:.0f} s"),
            ("dataset", found["dataset_key"]),
            ("run", found["run_id"]),
            ("model", found["model_version"] or "not registered"),
        ],
    )
