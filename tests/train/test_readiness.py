"""Whether a model may practise, and what to do when it may not."""

from dataclasses import replace

import pytest

from tunix_rt.kit.errors import BadInput
from tunix_rt.train.readiness import advice, doubts, require
from tunix_rt.train.schema_grpo import Doubt, Measured, Readiness

READY = Measured(
    problems=256, greedy=0.55, sampled=0.5, entropy=0.016, varied=0.6, ended=1.0, tokens=40.0
)


def test_a_model_that_was_taught_to_the_end_is_ready() -> None:
    require(READY, Readiness())

    assert doubts(READY, Readiness()) == {}
    assert "practise" in advice(READY, Readiness())


@pytest.mark.parametrize(
    ("found", "doubt", "said"),
    [
        (replace(READY, greedy=0.01, sampled=0.01), "greedy", "Teach it first"),
        (replace(READY, greedy=0.49, sampled=0.13), "ratio", "fewer distinct traces"),
        (replace(READY, entropy=0.127), "entropy", "fewer distinct traces"),
        (replace(READY, greedy=0.99, sampled=0.99, varied=0.02), "varied", "harder problems"),
        (replace(READY, greedy=0.3, sampled=0.3, varied=0.02), "varied", "easier problems"),
    ],
)
def test_each_doubt_stops_it_with_advice_until_it_is_overridden_by_name(
    found: Measured, doubt: Doubt, said: str
) -> None:
    with pytest.raises(BadInput, match="not ready to practise") as caught:
        require(found, Readiness())

    assert list(doubts(found, Readiness())) == [doubt]
    assert said in str(caught.value.hint)
    assert f'override = ["{doubt}"]' in str(caught.value.hint)
    require(found, Readiness(override=(doubt,)))


def test_a_recipe_may_ask_for_more_or_less() -> None:
    require(replace(READY, entropy=0.5), Readiness(entropy=1.0))
    with pytest.raises(BadInput, match=r"55\.0% of its greedy"):
        require(READY, Readiness(greedy=0.6))
