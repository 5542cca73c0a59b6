import pytest

from tests.curate.curating import ask, kept, marks, pipeline, reasons, seen
from tunix_rt.curate.schema import Drop, Mark, Seen
from tunix_rt.curate.staging import checked
from tunix_rt.kit.errors import BadInput


def samples(prompt: str, right: int, wrong: int, **more: object) -> list[Seen]:
    words = ["right"] * right + ["wrong"] * wrong
    return [
        seen(f"{n}", prompt=prompt, verdict=word, **more)  # type: ignore[arg-type]
        for n, word in enumerate(words)
    ]


def test_prompts_that_are_always_or_never_right_are_dropped_with_their_rate() -> None:
    easy, hard, good = samples("easy", 3, 0), samples("hard", 0, 3), samples("good", 1, 2)

    said = ask("balance", *easy, *hard, *good)

    assert said[0] == Drop("too easy", {"p": 1.0, "judged": 3, "interval": [0.4385, 1.0]})
    assert [one.reason for one in said[3:6] if isinstance(one, Drop)] == ["too hard"] * 3
    assert said[6:] == [Mark(weight=1 / 3 * (1 - 1 / 3))] * 3


def test_too_few_judged_traces_tell_nothing() -> None:
    unknown = [*samples("p", 1, 0), seen("x", prompt="p")]

    assert reasons("balance", *unknown) == ["too few judged"] * 2


def test_bounds_and_weights_can_be_changed() -> None:
    traces = [*samples("a", 1, 9), *samples("b", 5, 5)]

    assert len(kept("balance", *traces, above=0.2)) == 10
    assert marks("balance", *traces, weigh=False) == [None] * 20


def test_an_interval_drops_only_what_is_surely_outside() -> None:
    traces = [*samples("a", 3, 0), *samples("b", 100, 0)]

    assert len(kept("balance", *traces, below=0.9)) == 0
    assert len(kept("balance", *traces, below=0.9, interval=True)) == 3


def test_two_models_on_one_prompt_can_be_told_apart() -> None:
    traces = [*samples("p", 2, 0, model="a"), *samples("p", 0, 2, model="b")]

    assert len(kept("balance", *traces)) == 4
    assert len(kept("balance", *traces, per="prompt and model")) == 0


def test_families_and_templates_are_evened_out() -> None:
    adds = [seen(prompt=f"What is {n} + 1?", meta={"family": "add"}) for n in range(10)]
    times = [seen(prompt=f"What is {n} times 2?", meta={"family": "add"}) for n in range(10)]
    clocks = [seen(prompt=f"Clock {n}", meta={"family": "clock"}) for n in range(3)]
    traces = [*adds, *times, *clocks]

    templates = kept("balance", *traces, difficulty=False, most_of_template=4)
    families = kept("balance", *traces, difficulty=False, most_of_family=5)
    both = kept("balance", *traces, difficulty=False, most_of_template=4, most_of_family=5)

    assert [len([t for t in templates if t in some]) for some in (adds, times, clocks)] == [4, 4, 3]
    assert [t.family for t in families].count("add") == 5
    assert len(both) == 5 + 3


def test_bounds_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(BadInput, match="above is not below"):
        checked(pipeline({"stage": "balance", "above": 0.8, "below": 0.2}))
