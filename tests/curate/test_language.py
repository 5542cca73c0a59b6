import json
from pathlib import Path

import pytest

from tests.curate.curating import ask, pipeline, reasons, seen
from tunix_rt.curate.schema import Drop
from tunix_rt.curate.staging import checked
from tunix_rt.kit.errors import BadInput

ENGLISH = "The farmer has seven fields and sows a different kind of grain in each of them."
GERMAN = "Der Bauer hat sieben Felder und sät auf jedem davon eine andere Sorte Getreide."
FRENCH = "Le fermier a sept champs et il sème une autre sorte de blé dans chacun d'eux."
CHINESE = "农民有七块田地，他在每一块田地里种植一种不同的谷物，然后等待收获的季节到来。"


def test_other_languages_are_dropped_and_named() -> None:
    traces = [seen(text, prompt=text) for text in (ENGLISH, GERMAN, FRENCH, CHINESE)]

    said = ask("language", *traces)

    assert said[0] is None
    told = [one.evidence for one in said[1:] if isinstance(one, Drop)]
    assert [one["language"] for one in told if one] == ["de", "fr", "zh"]


def test_several_languages_can_be_kept() -> None:
    traces = [seen(text, prompt=text) for text in (ENGLISH, GERMAN, FRENCH)]

    assert reasons("language", *traces, keep=["en", "de"]) == [None, None, "other language"]


def test_formulas_numbers_and_code_tell_no_language() -> None:
    formulas = seen("$\\frac{1}{2} + x^2 = 4$", "12 + 3 = 15", prompt="3 + 4 = ?")

    assert reasons("language", formulas) == [None]
    assert reasons("language", formulas, unsure="drop") == ["too few letters"]


def test_the_test_problems_of_gsm8k_are_english(data: Path) -> None:
    lines = (data / "gsm8k" / "test.jsonl").read_text("utf-8").splitlines()[:300]
    problems = [json.loads(line) for line in lines]

    said = reasons("language", *(seen(p["answer"], prompt=p["question"]) for p in problems))

    assert said == [None] * 300


def test_a_long_run_of_letters_costs_little_time() -> None:
    assert reasons("language", seen("a" * 20_000 + "$" * 20_000, prompt="?")) == [None]


def test_a_language_nobody_can_tell_is_refused() -> None:
    with pytest.raises(BadInput, match="'xx' is not among"):
        ask("language", seen(), keep=["xx"])
    with pytest.raises(BadInput, match="keep"):
        checked(pipeline({"stage": "language", "keep": ["English"]}))
