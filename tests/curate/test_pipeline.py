"""A pipeline from the first trace to its hash."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.court.sitting import begin
from tests.curate.curating import curate, decisions, pipeline, verified
from tests.making import stored, trace
from tunix_rt.curate import files, reading
from tunix_rt.curate.chosen import chosen, freezable, pipeline_of
from tunix_rt.curate.jobs import do
from tunix_rt.curate.pipeline import identity
from tunix_rt.curate.schema import CurateConfig
from tunix_rt.kit.errors import BadInput, Cancelled, Conflict, NotFound
from tunix_rt.kit.settings import Settings
from tunix_rt.runs.reporting import Reporter
from tunix_rt.store import Store, open_store
from tunix_rt.tasks import suites
from tunix_rt.tasks.schema import Item
from tunix_rt.traces import query_marks
from tunix_rt.traces.query import select_ids
from tunix_rt.traces.schema import TraceFilter

WORDS = "A farmer has seven fields and sows a different kind of grain in each one of them"


def many(number: int) -> list[dict[str, Any]]:
    """Traces of which every third is wrong and every fifth says what another one says."""
    found = []
    for n in range(number):
        asked = n - 1 if n % 5 == 4 else n
        found.append(trace(asked, meta={"expected_answer": str(asked + 1), "n": n}))
        if n % 3 == 2:
            found[-1]["final_answer"] = "0"
    return found


def test_every_trace_gets_one_decision_and_the_funnel_adds_up(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, many(60))
    verified(store)

    found = curate(store, tmp_path, "verified", "exact-dedup", {"stage": "sample", "number": 20})

    said = list(decisions(store, found.run_id))
    assert found.looked_at == len(said) == 60
    assert found.kept == sum(one.kept for one in said) == 20
    came = 60
    for line in found.funnel:
        assert line.came == came
        came = line.kept
        assert line.came - line.kept == sum(one.traces for one in line.reasons)
    assert [(line.stage, line.reasons[0].reason) for line in found.funnel] == [
        ("verified", "answer wrong"),
        ("exact-dedup", "same trace"),
        ("sample", "not sampled"),
    ]
    wrong = found.funnel[0].reasons[0]
    assert wrong.traces == 20
    assert set(wrong.examples) <= {one.trace_id for one in said if one.reason == "answer wrong"}
    twins = [one for one in said if one.stage == "exact-dedup"]
    assert all(one.twin_id and one.twin_id != one.trace_id for one in twins)


def test_the_same_traces_in_another_order_give_the_same_selection(tmp_path: Path) -> None:
    stages = ("verified", "exact-dedup", {"stage": "per-prompt", "most": 1}, "curriculum")
    found = []
    for name, turned in (("a", 1), ("b", -1)):
        folder = tmp_path / name
        folder.mkdir()
        store = open_store(Settings(home=folder / "home", database=""))
        stored(store, folder, many(60)[::turned])
        verified(store)
        found.append(curate(store, folder, *stages, seed=7, limit=30))
        store.close()

    assert found[0].selection_sha256 == found[1].selection_sha256
    assert found[0].pipeline_sha256 == found[1].pipeline_sha256
    assert [line.model_dump(exclude={"reasons"}) for line in found[0].funnel] == [
        line.model_dump(exclude={"reasons"}) for line in found[1].funnel
    ]
    assert found[0].kept == 30


def test_another_seed_gives_another_order_and_another_hash(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, many(30))

    one = curate(store, tmp_path, seed=1)
    same = curate(store, tmp_path, seed=1)
    other = curate(store, tmp_path, seed=2)

    assert one.selection_sha256 == same.selection_sha256 != other.selection_sha256
    order = [c.trace_id for c in chosen(store, one.run_id)]
    assert order == [c.trace_id for c in chosen(store, same.run_id)]
    assert sorted(order) == sorted(c.trace_id for c in chosen(store, other.run_id)) != order


def test_chosen_traces_come_page_by_page_with_weight_and_part(store: Store, tmp_path: Path) -> None:
    groups = [trace(n // 4, steps=[{"i": 0, "type": "t", "content": f"say {n}"}]) for n in range(8)]
    for n in (0, 1, 4):
        groups[n]["final_answer"] = "99"
    stored(store, tmp_path, groups)
    verified(store)

    found = curate(store, tmp_path, "balance", {"stage": "curriculum", "parts": 2})

    first = chosen(store, found.run_id, limit=5)
    rest = chosen(store, found.run_id, after=first[-1].place, limit=5)
    assert [one.place for one in [*first, *rest]] == list(range(8))
    assert chosen(store, found.run_id, after=7) == []
    assert [one.part for one in [*first, *rest]] == [1] * 4 + [2] * 4  # the easier prompt first
    assert {one.weight for one in first[:4]} == {0.1875}
    assert {one.weight for one in rest} == {0.25}


def test_a_dry_run_decides_the_same_and_cannot_be_frozen(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, many(30))
    verified(store)

    real = curate(store, tmp_path, "verified")
    dry = curate(store, tmp_path, "verified", dry_run=True)
    sampled = curate(store, tmp_path, "verified", dry_run=True, sample=10)

    assert dry.selection_sha256 == real.selection_sha256
    assert 0 < sampled.looked_at < 25
    with store.read() as connection:
        assert freezable(connection, real.run_id).id == real.run_id
        assert pipeline_of(connection, real.run_id) == pipeline("verified")
        with pytest.raises(Conflict, match="dry run"):
            freezable(connection, dry.run_id)


def test_a_pipeline_that_drops_everything_shows_its_funnel_and_cannot_be_frozen(
    store: Store, tmp_path: Path
) -> None:
    stored(store, tmp_path, many(5))

    found = curate(store, tmp_path, "verified")

    assert (found.kept, found.funnel[0].reasons[0].reason) == (0, "not verified")
    with store.read() as connection, pytest.raises(Conflict, match="dropped by 'verified'"):
        freezable(connection, found.run_id)


def test_what_is_not_there_is_refused_in_a_sentence(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No trace matches"):
        curate(store, tmp_path, filter="source:nowhere")
    with pytest.raises(NotFound, match="no suite 'gone'"):
        curate(store, tmp_path, {"stage": "decontaminate", "suites": ["gone"]})
    with pytest.raises(NotFound, match="no finished evaluation"):
        curate(store, tmp_path, {"stage": "ledger", "evaluations": ["x"]})
    with pytest.raises(BadInput, match="Deleted traces"):
        curate(store, tmp_path, filter="is:deleted")


def test_the_identity_of_a_pipeline_is_all_that_decides() -> None:
    plain = identity(pipeline("verified", seed=1))

    assert identity(pipeline({"stage": "verified", "keep": ["right"]}, seed=1)) == plain
    assert identity(pipeline("verified", seed=1, name="other")) == plain
    assert identity(pipeline("verified", seed=2)) != plain
    assert identity(pipeline({"stage": "verified", "keep": ["wrong"]}, seed=1)) != plain


def test_contamination_is_shown_text_against_text(store: Store, tmp_path: Path) -> None:
    item = f"{WORDS}. How many kinds does he sow?"
    with store.write() as connection:
        suites.freeze(connection, "held-out", {}, [Item("k1", "f", "", item, "7", None)])
    stored(store, tmp_path, [trace(1), trace(2, prompt=f"Think! {WORDS}. What grows there?")])

    found = curate(store, tmp_path, {"stage": "decontaminate", "suites": ["held-out"]})

    with store.read() as connection:
        [hit] = reading.hits(connection, found.run_id, limit=5).data
    assert hit.original is not None
    assert (hit.suite, hit.item, hit.rule, hit.text, hit.part) == (
        *("held-out", "k1", "any-gram", "raw", "prompt"),
    )
    assert hit.trace.text[hit.trace.start : hit.trace.end] == WORDS
    assert hit.original.text[hit.original.start : hit.original.end] == WORDS


def test_clusters_show_who_was_kept_and_who_was_dropped(store: Store, tmp_path: Path) -> None:
    same = [trace(1, prompt=f"{WORDS}.", meta={"n": n}) for n in range(3)]
    stored(store, tmp_path, [*same, trace(2), trace(3, prompt="Two?"), trace(3, prompt="two")])

    found = curate(store, tmp_path, "exact-dedup")

    with store.read() as connection:
        first = reading.clusters(connection, found.run_id, limit=1)
        second = reading.clusters(connection, found.run_id, limit=1, cursor=first.next_cursor)
        with pytest.raises(BadInput):
            reading.clusters(connection, found.run_id, limit=1, cursor="x")
    [large], [small] = first.data, second.data
    assert (large.size, small.size, second.next_cursor) == (3, 2, None)
    assert {one.twin_id for one in large.members} == {large.trace_id}
    assert large.prompt == f"{WORDS}."


def test_a_trace_knows_what_curations_said_of_it(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(1)])

    first = curate(store, tmp_path, "verified")
    second = curate(store, tmp_path, dry_run=True)

    [one] = decisions(store, first.run_id)
    with store.read() as connection:
        said = reading.of_trace(connection, one.trace_id).data
    assert [(s.run_id, s.decision.kept, s.dry_run) for s in said] == [
        (second.run_id, True, True),
        (first.run_id, False, False),
    ]


@pytest.mark.parametrize("name", ["clean", "hard"])
def test_the_examples_choose_traces(store: Store, tmp_path: Path, name: str) -> None:
    told = [{"expected_answer": str(n // 3 + 1), "n": n} for n in range(30)]
    solved = [trace(n // 3, meta=meta) for n, meta in enumerate(told)]
    for n, one in enumerate(solved):
        one["steps"] = [{"i": 0, "type": "t", "content": f"Put together they are {n}."}]
        one["final_answer"] = "0" if n % 3 == 2 else one["final_answer"]
    stored(store, tmp_path, solved)
    verified(store)
    example = files.read(ROOT / "examples" / "pipelines" / f"{name}.toml")

    found = curate(store, tmp_path, **example.model_dump())

    assert (found.looked_at, found.kept) == (30, 20)
    assert found.funnel[0].came == 30


def test_a_trace_deleted_on_the_way_is_counted_and_not_chosen(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, many(20))
    gone: list[str] = []

    class Deleting(Reporter):
        """A run during which somebody deletes a trace."""

        def progress(self, done: int, total: int | None, text: str = "") -> None:
            if not gone and text.startswith("pass 1"):
                with store.write() as connection:
                    gone.extend(select_ids(connection, TraceFilter(), limit=1))
                    query_marks.soft_delete(connection, gone)
            super().progress(done, total, text)

    config = CurateConfig(pipeline=pipeline({"stage": "per-prompt", "most": 9}, "length"))
    run = begin(store, reading.new(config), Deleting)
    run.folder = tmp_path
    do(run, config)

    with store.read() as connection:
        found = reading.curation(connection, run.id)
    assert (found.looked_at, found.kept) == (20, 19)
    [said] = found.funnel[1].reasons
    assert (said.reason, said.examples) == ("deleted meanwhile", gone)
    assert gone[0] not in {one.trace_id for one in chosen(store, run.id)}


class Stopping(Reporter):
    """A run that somebody cancels once it has written something."""

    def progress(self, done: int, total: int | None, text: str = "") -> None:
        """Stop as soon as a pass is over its first batch."""
        self.stopping = done >= 500
        super().progress(done, total, text)


def test_a_cancelled_run_stops_and_the_next_attempt_begins_anew(
    store: Store, tmp_path: Path
) -> None:
    stored(store, tmp_path, many(600))
    config = CurateConfig(pipeline=pipeline("verified", "exact-dedup"))
    run = begin(store, reading.new(config), Stopping)
    run.folder = tmp_path

    with pytest.raises(Cancelled):
        do(run, config)
    again = Reporter(store, run.id, run.attempt, tmp_path)
    do(again, config)

    assert not (tmp_path / "curate").exists()
    assert len(list(decisions(store, run.id))) == 600
