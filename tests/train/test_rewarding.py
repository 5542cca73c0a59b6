"""What an answer is worth, by each of the verifiers a recipe may name."""

import pytest

from tunix_rt.kit.errors import BadInput
from tunix_rt.rendering.schema_wording import Example, Segment
from tunix_rt.train.rewarding import Judge, Wanted
from tunix_rt.train.schema_grpo import Answered, Problem, Reward

GOOD = "<think>7+5+0=12\n4+8+1=13</think><answer>132</answer>"


def answered(text: str, *, tokens: int = 10, ended: bool = True, expected: str = "132") -> Answered:
    wanted = Wanted("sum/1", "add 47+85", expected, "number", None)
    asked = Example([Segment(wanted.prompt, "prompt", None, 0.0, True)])
    return Answered(Problem(asked, wanted.key, wanted), text, tokens, ended)


def judged(name: str, one: Answered, **changes: int) -> float:
    judge = Judge([Reward(verifier=name)], "think", most=40, seed=changes.get("seed", 0))
    return judge([one])[0][name]


def test_the_answer_is_judged_by_the_verifier_that_the_problem_names() -> None:
    assert judged("answer", answered(GOOD)) == 1
    assert judged("answer", answered(GOOD.replace("132<", "132.0<"))) == 1
    assert judged("answer", answered(GOOD.replace("132<", "133<"))) == 0
    assert judged("answer", answered("132")) == 0


def test_another_verifier_may_judge_by_its_name() -> None:
    one = answered(GOOD.replace("132<", "132.0<"))

    assert judged("exact", one) == 0
    assert judged("number", one) == 1


def test_whether_an_answer_is_right_is_always_told() -> None:
    judge = Judge([Reward(verifier="length")], "think", most=40, seed=0)

    assert judge([answered(GOOD, tokens=10)]) == [{"right": 1.0, "length": 0.75}]


@pytest.mark.parametrize(
    ("text", "share"),
    [
        (GOOD, 1.0),
        (GOOD.replace("=13", "=14"), 0.5),
        (GOOD.replace("=12", "=11"), 0.0),
        ("<think>so it is</think><answer>132</answer>", 0.0),
        ("", 0.0),
    ],
)
def test_steps_earn_the_share_of_claims_before_the_first_wrong_one(text: str, share: float) -> None:
    assert judged("steps", answered(text)) == share


@pytest.mark.parametrize(
    ("text", "ended", "reward"),
    [
        (GOOD, True, 1.0),
        (GOOD, False, 0.0),
        (GOOD.replace("</answer>", ""), True, 0.0),
        (GOOD + "and more", True, 0.0),
        ("x" + GOOD, True, 0.0),
        ("<think></think><answer></answer>", True, 0.0),
        ("132", True, 0.0),
    ],
)
def test_the_form_is_what_the_template_writes(text: str, ended: bool, reward: float) -> None:
    assert judged("format", answered(text, ended=ended)) == reward


def test_a_coin_is_fair_and_the_same_again() -> None:
    judge = Judge([Reward(verifier="random")], "think", most=40, seed=3)
    many = [answered(f"{GOOD}{n}") for n in range(2000)]

    thrown = [one["random"] for one in judge(many)]

    assert thrown == [one["random"] for one in judge(many)]
    assert 0.45 < sum(thrown) / 2000 < 0.55
    other = Judge([Reward(verifier="random")], "think", most=40, seed=4)
    assert thrown != [one["random"] for one in other(many)]


def test_a_verifier_that_crashes_on_what_a_model_wrote_rewards_nothing() -> None:
    for text in ("\x00" * 50, "<answer>" * 2000, "<think>" + "9+9=" * 3000):
        for name in ("answer", "steps", "format"):
            assert judged(name, answered(text)) in (0.0, 1.0)


def test_a_reward_that_is_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadInput, match="no reward 'politeness'") as caught:
        Judge([Reward(verifier="politeness")], "think", most=40, seed=0)

    assert "steps, format, length" in str(caught.value.hint)
