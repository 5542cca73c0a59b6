import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.curate.curating import ask, pipeline, reasons, seen
from tunix_rt.curate.schema import Around, Drop, ItemText
from tunix_rt.curate.staging import checked, stage
from tunix_rt.kit.errors import BadInput

ITEM = (
    "Natalia sold clips to 48 of her friends in April, and then she sold half as many clips in "
    "May. How many clips did Natalia sell altogether in April and May?"
)
ITEMS = [ItemText("s", "1", ITEM), ItemText("s", "2", "What is 3 + 4?")]


def hit(prompt: str, *steps: str, **options: Any) -> dict[str, Any] | None:
    [said] = ask("decontaminate", seen(*steps, prompt=prompt), items=ITEMS, suites=["s"], **options)
    return said.evidence if isinstance(said, Drop) else None


def test_one_long_gram_is_enough_and_its_place_is_said() -> None:
    prompt = "A riddle: Natalia sold clips to 48 of her friends in April, and then she rested."

    found = hit(prompt)

    assert found is not None
    assert (found["suite"], found["item"], found["rule"]) == ("s", "1", "any-gram")
    assert prompt[found["start"] : found["end"]] == (
        "Natalia sold clips to 48 of her friends in April, and then she"
    )
    assert ITEM[found["item_start"] : found["item_end"]] == prompt[found["start"] : found["end"]]


def test_other_numbers_are_found_in_masked_text() -> None:
    prompt = ITEM.replace("48", "172")

    found = hit(prompt, any_gram=None, ratio=None)

    assert found is not None
    assert found["text"] == "raw"  # half of the grams hold no number
    assert hit("Natalia sold clips to 9 of her friends in April, and", half_gram=3) is None
    masked = hit("Natalia sold clips to 9 of her friends in April, and then she", ratio=None)
    assert masked is not None
    assert masked["text"] == "masked"
    assert hit("Natalia sold clips to 9 of her friends in April, and then", masked=False) is None


def test_an_item_in_the_steps_is_found_there() -> None:
    found = hit("Solve it.", "First some words.", f"I know this one: {ITEM}")

    assert found is not None
    assert found["part"] == "step 1"
    assert hit("Solve it.", f"I know this one: {ITEM}", of="prompt") is None


def test_a_gram_does_not_reach_from_one_part_into_the_next() -> None:
    assert (
        hit(
            "Natalia sold clips to 48 of her friends",
            "in April, and then she sold half",
            ratio=None,
        )
        is None
    )


def test_half_of_the_grams_are_enough_and_fewer_are_not() -> None:
    begin = "Natalia sold clips to 48 of her friends in April"
    half = ITEM[: ITEM.index("How many")]

    assert (hit(half, any_gram=None, ratio=None) or {})["rule"] == "half-covered"
    assert hit(begin, any_gram=None, ratio=None) is None


def test_an_item_of_few_words_has_to_be_the_whole_prompt() -> None:
    assert (hit("what is 3 + 4") or {})["rule"] == "same"
    assert hit("What is 3 + 5?", ratio=None) is None
    assert hit("What is 3 + 4? And what is 3 + 4 + 5?") is None


def test_nearly_the_same_letters_are_found_by_the_ratio() -> None:
    prompt = "".join(c + "x" if n % 30 == 29 else c for n, c in enumerate(ITEM))

    found = hit(prompt, any_gram=None, half_gram=40)

    assert found is not None
    assert found["rule"] == "ratio"
    assert found["share"] >= 0.95
    assert hit(prompt, any_gram=None, half_gram=40, ratio=None) is None


def test_items_can_be_given_in_the_pipeline() -> None:
    config = {"stage": "decontaminate", "options": {"items": [ITEM]}}
    with TemporaryDirectory() as folder:
        around = Around(0, Path(folder), lambda _: [], lambda _: [], lambda _: {})
        judge = stage("decontaminate").begin(checked(pipeline(config))[0], around)

    assert callable(judge)
    assert isinstance(judge(seen(prompt=ITEM)), Drop)
    assert judge(seen(prompt="Something else?")) is None


def test_without_items_or_with_grams_the_wrong_way_round_it_is_refused() -> None:
    with pytest.raises(BadInput, match="name suites, or give items"):
        checked(pipeline("decontaminate"))
    with pytest.raises(BadInput, match="any_gram is shorter"):
        checked(pipeline({"stage": "decontaminate", "items": ["x"], "any_gram": 5}))


@pytest.mark.parametrize(
    ("options", "raw", "masked"),
    [
        ({"any_gram": 8}, 94, 219),
        ({"any_gram": 10}, 11, 30),
        ({"any_gram": 13}, 4, 8),
        ({"any_gram": None}, 2, 4),
    ],
    ids=str,
)
def test_gsm8k_has_the_measured_hits(
    data: Path, options: dict[str, Any], raw: int, masked: int
) -> None:
    """Counted before by plain sets of grams: train problems that share grams with the test set."""
    items = [ItemText("test", str(n), one) for n, one in enumerate(questions(data, "test"))]
    train = [seen(prompt=one) for one in questions(data, "train")]

    def hits(**more: Any) -> int:
        asked = {**options, "of": "prompt", "ratio": None, "suites": ["test"], **more}
        said = reasons("decontaminate", *train, items=items, **asked)
        return sum(one is not None for one in said)

    assert (hits(masked=False), hits(masked=True)) == (raw, masked)


def questions(data: Path, name: str) -> list[str]:
    lines = (data / "gsm8k" / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines]
