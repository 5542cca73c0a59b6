from tests.curate.curating import ask, reasons, seen
from tunix_rt.curate.schema import Drop


def test_a_wrong_step_drops_a_trace_and_is_named() -> None:
    [said] = ask("steps", seen(step_verdict="wrong", first_error=2))

    assert said == Drop("wrong step", {"step": 2})


def test_steps_nobody_verified_are_dropped_unless_that_is_allowed() -> None:
    assert reasons("steps", seen()) == ["steps not verified"]
    assert reasons("steps", seen(), judged=False) == [None]


def test_enough_has_to_be_checked() -> None:
    few = seen(step_verdict="right", claims=1, coverage=0.2)
    many = seen(step_verdict="right", claims=4, coverage=0.9)

    assert reasons("steps", few, many, claims=2) == ["too few claims", None]
    assert reasons("steps", few, many, coverage=0.5) == ["too little checked", None]


def test_warnings_of_a_kind_drop_a_trace() -> None:
    loops = seen(step_verdict="right", warnings=("loop", "ritual"))

    assert reasons("steps", loops, without=["loop"]) == ["warned of"]
    assert reasons("steps", loops, without=["truncation"]) == [None]
