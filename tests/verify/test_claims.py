"""Steps that compute: what is checked, what is left alone, what is called false."""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given as property_of
from hypothesis import settings as under
from hypothesis import strategies as st

from tests.verify.reading import lines_of
from tunix_rt.verify.schema import StepInput, StepsVerdict, TraceInput
from tunix_rt.verify.steps.claims import check


def judge(*contents: str, prompt: str = "") -> StepsVerdict:
    steps = tuple(StepInput(index=i, type="step", content=c) for i, c in enumerate(contents))
    return check(TraceInput(prompt=prompt, steps=steps))


@pytest.mark.parametrize(
    "text",
    [
        "5+8+0=13",
        "1-6-0=-5",
        "2*8+0=16+0=16",
        "40+50=90",
        "21/7=3",
        "16 - 3 - 4 = <<16-3-4=9>>9 duck eggs a day.",
        "She makes 9 * 2 = $<<9*2=18>>18 every day.",
        "80,000+50,000=$<<80000+50000=130000>>130,000",
        "2 × 3 = 6",
        "6 ÷ 2 = 3",
        "7 − 2 = 5",
        "3 x 4 boxes = 12 boxes",
        "2x3=6",
        "5 (ones) + 8 (ones) = 13 (ones)",
        "$10/day * 3 days = $30",
        "10 miles/hour * 2 hours = 20 miles",
        "20% of 50 is 10",
        "20% * 50 = 10",
        "100% - 40% = 60%",
        "20/50*100 = 40%",
        "40/100 = 40%",
        "50 + 10% = 55",
        "1/2 of 20 = 10",
        "1 1/2 * 4 = 6",
        "1½ * 4 = 6",
        "(3 + 4) * 2 = 14",
        "2(3 + 4) = 14",
        "5^2 = 25",
        "5² = 25",
        "2**3 = 8",
        "10/3 = 3.33",
        "20/3 = 6.66",  # cut off at the printed place
        "20/3 = 6.67",
        "10/3 = 3.3333333333333335",  # a float's last place
        "80 / 26.666666666666668 = 3",
        "10/3 ≈ 3",
        "10/3 is about 3, so 10/3 = 3",
        "She spends $<<2.5*1.5=3.75>>3.75 because 2.5*1.5 = 3.75",
        "7*60 = 420 + 23 = 443",  # a running total, as people write it
        "6 / 1/4 = 24",  # a tight fraction behind a loose division
        "- 5 + 3 = 8",  # a bullet, not a minus
        "-5 + 3 = -2",
        "**16 - 3 = 13**",
        r"\(16 - 3 = 13\)",
        r"\frac{1}{2} \times 20 = 10",
        r"$\$5 \times 3 = \$15$",
        "5 plus 3 equals 8",
        "30 divided by 6 equals 5",
        "５＋３＝８",
        "13 = 16 - 3",
        "x = 5 + 3 = 8",
        "a total of 12*3 = 36",
    ],
)
def test_a_true_statement_holds(text: str) -> None:
    verdict = judge(text)

    assert verdict.outcome == "right", verdict.reason


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("5+8+0=14", "5+8+0=14"),
        ("2*8+0=16+0=17", "16+0=17"),
        ("2*8+0=17+0=17", "2*8+0=17+0"),
        ("So, Suzzane has $32 - $20 = $300 left.", "$32 - $20 = $300"),
        ("Matthew needs to cook, 4+4+6 = 18 hot dogs", "4+4+6 = 18"),
        ("because 10 x 1,248 = 11,480", "10 x 1,248 = 11,480"),
        ("it cost 192*100=$1920", "192*100=$1920"),
        ("9 * 2 = $<<9*2=18>>19", "9 * 2 = $<<9*2=18>>19"),
        ("9 * 2 = $<<9*2=19>>18", "9*2=19"),
        ("20% of 50 = 11", "20% of 50 = 11"),
        ("10/3 = 3", "10/3 = 3"),  # an integer needs an "about"
        ("10/3 = 3.34", "10/3 = 3.34"),
        ("- 5 + 3 = 9", "5 + 3 = 9"),
        ("13 = 16 - 4", "13 = 16 - 4"),
        ("５＋３＝９", "５＋３＝９"),
        ("0.1 + 0.2 = 0.4", "0.1 + 0.2 = 0.4"),
        ("99.1 plus 98.2 equals 198", "99.1 plus 98.2 equals 198"),
    ],
)
def test_a_false_statement_is_found_where_it_stands(text: str, claim: str) -> None:
    verdict = judge("1 + 1 = 2", text)

    assert verdict.outcome == "wrong"
    assert verdict.first_error is not None
    assert verdict.first_error.step == 1
    assert text[verdict.first_error.start : verdict.first_error.end] == claim
    assert verdict.first_error.text == claim


@pytest.mark.parametrize(
    "text",
    [
        "10:50",
        "81,98:>",
        "Janet has three eggs.",
        "2x + 3 = 7",
        "3y = 15",
        "4c - 2 = 10",
        "x - 3 = 5",
        "profit - 3 = 5",
        "8/3 = 24/Y",
        "f(6) = -3",
        "x_1 + 1 = 0",
        r"a_1 = 14 \cdot 6^2",
        r"\log_2 8 + 1 = 4",
        "3 dozen = 36 eggs",
        "4.5 gallons = 4.5 * 8 pints",
        "3 weeks - 5 days = 16 days",
        "$5 - 50 cents = $4.50",
        "5 million + 2 = 7",
        "half of 20 + 5 = 15",
        "5 more than 3 * 2 = 11",
        "17/3 = 5 and 2/3",
        "10 000 + 5 = 10005",
        "14, 400 / 80 = 180",
        "5! + 1 = 121",
        "√16 + 1 = 5",
        "10:50 + 1:10 = 12:00",
        "3 + 4 ≠ x",
        "Is 3 + 4 = 8?",
        "3 + 4 = 8 is wrong",
        "0900-0130 = 0730",
        "0.333... * 3 = 1",
        "5 + + 3 = 9",
        "9^9^9 = 1",
        "1 + 1 =",
        "= 5",
        "",
    ],
)
def test_what_is_not_understood_is_left_alone(text: str) -> None:
    verdict = judge(text)

    assert verdict.outcome == "undecided", verdict.reason
    assert verdict.first_error is None


def test_the_first_of_several_errors_is_shown_and_every_claim_is_kept() -> None:
    verdict = judge("1+1=2", "2+2=5 and 3+3=7", "4+4=9")

    assert verdict.first_error is not None
    assert (verdict.first_error.step, verdict.first_error.text) == (1, "2+2=5")
    assert [claim.outcome for claim in verdict.claims] == ["right", "wrong", "wrong", "wrong"]


def test_an_equation_that_the_prompt_states_is_not_the_answerers_claim() -> None:
    prompt = "A pupil wrote 3 + 4 = 8. What is right?"

    assert judge("The pupil wrote 3 + 4 = 8.", "3 + 4 = 7", prompt=prompt).outcome == "right"


def test_a_trace_that_is_too_long_is_undecided() -> None:
    verdict = judge(*["1+1=2 " * 3000] * 60)

    assert verdict.outcome == "undecided"
    assert "1,000,000" in verdict.reason


def test_of_a_trace_with_too_many_claims_the_first_are_judged() -> None:
    many = judge(*["1+1=2, " * 2500] * 5)
    wrong = judge("1+1=3", *["1+1=2, " * 2500] * 5)

    assert (many.outcome, len(many.claims)) == ("undecided", 10_000)
    assert wrong.outcome == "wrong"


def test_spans_count_code_points_past_marks_and_emoji() -> None:
    text = "🦆🦆 16 - 3 = <<16-3=13>>14 eggs"

    claim = judge(text).first_error

    assert claim is not None
    assert text[claim.start : claim.end] == "16 - 3 = <<16-3=13>>14"


def solutions(path: Path) -> Iterator[tuple[str, list[str]]]:
    for line in lines_of(path):
        problem = json.loads(line)
        body = problem["answer"].partition("\n####")[0]
        yield problem["question"], [step for step in body.split("\n") if step.strip()]


FLAGS = Path(__file__).parents[2] / "benchmarks" / "gsm8k_gold_flags.jsonl"
"""Every flag on GSM8K's own solutions, read by a person: is it a real error of the text?"""


@pytest.mark.parametrize(("split", "most"), [("test", 0.0039), ("train", 0.0049)])
def test_few_gold_solutions_are_flagged_and_each_flag_was_looked_at(
    data: Path, split: str, most: float
) -> None:
    known = [flag for flag in map(json.loads, lines_of(FLAGS)) if flag["split"] == split]
    verdicts = [judge(*s, prompt=p) for p, s in solutions(data / "gsm8k" / f"{split}.jsonl")]

    found = {
        (line, verdict.first_error.step, verdict.first_error.text)
        for line, verdict in enumerate(verdicts, start=1)
        if verdict.first_error
    }
    assert found == {(flag["line"], flag["step"], flag["claim"]) for flag in known}
    assert len(found) / len(verdicts) <= most
    assert sum(not flag["real"] for flag in known) / len(verdicts) <= 0.002
    assert sum(bool(verdict.claims) for verdict in verdicts) / len(verdicts) > 0.98


def test_every_planted_result_is_found_in_its_step(data: Path) -> None:
    chance = random.Random(0)
    missed, planted = [], 0
    for prompt, steps in solutions(data / "gsm8k" / "test.jsonl"):
        clean = judge(*steps, prompt=prompt)
        if clean.outcome != "right":
            continue
        claim = chance.choice(clean.claims)
        text = steps[claim.step]
        spoiled = text[: claim.start] + _spoil(claim.text, chance) + text[claim.end :]
        steps[claim.step] = spoiled
        planted += 1
        found = judge(*steps, prompt=prompt).first_error
        if found is None or found.step != claim.step:
            missed.append(spoiled)

    assert len(missed) / planted < 0.01, missed
    assert planted > 1200


def test_most_changed_numbers_are_found_and_in_their_step(data: Path) -> None:
    chance = random.Random(0)
    planted = found = exact = 0
    for prompt, steps in solutions(data / "gsm8k" / "test.jsonl"):
        if judge(*steps, prompt=prompt).outcome != "right":
            continue
        numbers = [(i, n) for i, s in enumerate(steps) for n in NUMBER.finditer(s)]
        place, number = chance.choice(numbers)
        text = steps[place]
        steps[place] = text[: number.start()] + _spoil(number[0], chance) + text[number.end() :]
        error = judge(*steps, prompt=prompt).first_error
        planted += 1
        found += error is not None
        exact += error is not None and error.step == place

    assert found / planted >= 0.88
    assert exact / planted >= 0.87


def test_nothing_false_is_seen_in_clean_traces_of_the_earlier_version(data: Path) -> None:
    for line in lines_of(data / "tunix_rt_v1" / "dev-reasoning-v2.jsonl"):
        trace = json.loads(line)
        verdict = judge(*(step["content"] for step in trace["steps"]), prompt=trace["prompt"])
        assert verdict.outcome != "wrong", verdict.reason


NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def _spoil(claim: str, chance: random.Random) -> str:
    """The claim with another result: the last number, moved by a little or a lot."""
    number = list(NUMBER.finditer(claim))[-1]
    places = len(number[0].partition(".")[2])
    value = int(re.sub(r"\D", "", number[0]))
    delta = chance.choice([1, -1, 2, 3, 7, 10, -10, 100])
    value = value + delta if value + delta >= 0 else value + abs(delta)
    digits = str(value).rjust(places + 1, "0")
    shown = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return claim[: number.start()] + shown + claim[number.end() :]


@under(deadline=None)
@property_of(
    st.integers(-999, 999), st.integers(-999, 999), st.sampled_from("+-*"), st.integers(1, 50)
)
def test_a_sum_is_right_and_a_moved_one_is_wrong(a: int, b: int, sign: str, off: int) -> None:
    result = {"+": a + b, "-": a - b, "*": a * b}[sign]
    shown = f"({b})" if b < 0 else str(b)

    assert judge(f"{a} {sign} {shown} = {result}").outcome == "right"
    assert judge(f"{a} {sign} {shown} = {result + off}").outcome == "wrong"


WORDS = [
    *("half of", "twice", "a third of", "is", "the sum of", "and", "squared", "square root of"),
    *("mod", "gcd(", ")", "≡", "(mod", "remainder", "divisible by", "prime", "even", "hours"),
    *("minutes", "km", "m", "=", "<", ">=", "0x1F", "binary", "XOR", "<<", ">>", "x", "2x", "x^2"),
    *("Let", "if", ".", ",", "+", "-", "/", "0", "1", "2", "12", "1,000", "3.5", "$", "%", "!"),
    *("\\frac{1}{2}", "\\sqrt{4}", "√", "½", "²", "\n", "更", "\x00", "\ud800", "in base"),
]


@under(deadline=None)
@property_of(
    st.text(alphabet="0123456789+-*/^=().,%$ ax<>\\\n½²", max_size=200)
    | st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)
    | st.text(max_size=100)
)
def test_arbitrary_text_is_judged_and_spans_fit(text: str) -> None:
    for claim in judge(text, text, prompt=text[:20]).claims:
        assert text[claim.start : claim.end] == claim.text


HOSTILE = {
    "digits": "9" * 19_990 + "=1",
    "equals": "1=" * 10_000,
    "chain": "1+1=" * 5_000,
    "parentheses": "(" * 9_000 + "1" + ")" * 9_000 + "=1",
    "power tower": "9^9^9^9^9^9=1 " * 1_400,
    "nested powers": "(9^64)^64=1 " * 1_600,
    "products": ("9" * 40 + "*") * 480 + "1=1",
    "words": "a " * 9_990 + "=1",
    "marks": "<<" * 10_000,
    "many starts": ("5 x y z w " * 16 + "=") * 120,
    "spaces": "1" + " " * 19_000 + "=1",
    "halves": "half of 1 " * 1_900,
    "sums": "the sum of " + "1, " * 6_000,
    "units": "1 hour " * 2_800,
    "unit list": "1 hour and " * 1_800 + "= 1 minute",
    "letters": "x" * 19_000 + " = 1",
    "unknowns": "x + " * 4_900 + "x = 1",
    "equations": "x = x + 1, " * 1_800,
    "factors": "(x+1)" * 3_900 + "=0",
    "moduli": "1 ≡ 1 (mod " * 1_600,
    "gcd": "gcd(" * 5_000,
    "comparisons": "1 < " * 5_000,
    "dots": "0x1" + "." * 19_000,
    "bits": "0x1 + " * 3_300 + "= 1",
    "ends": "1 is even" * 2_200,
    "divided": "1/0 " * 5_000,
    "mark ends": "<<1=1>>" * 2_800,
}


@pytest.mark.timeout(30)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_comes_to_an_end_and_is_not_wrong(text: str) -> None:
    assert judge(text, prompt=text).outcome != "wrong"
