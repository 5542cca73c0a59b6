"""The terminal door of verifying."""

import json
from pathlib import Path
from typing import cast

import pytest
from click.testing import CliRunner, Result

from tests.verify.traces import stored, trace
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store
from tunix_rt.store.session import Session
from tunix_rt.verify.commands import app


def tunix_rt(*arguments: str, settings: Settings | None = None) -> Result:
    session = Session(settings)
    result = CliRunner().invoke(app, arguments, obj=session)
    if "store" in vars(session):
        session.store.close()
    return result


def lines_of(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_run_judges_the_store_and_prints_a_summary(settings: Settings, store: Store) -> None:
    stored(
        store,
        trace("18", "9*2=18", expected_answer="18", source_label=True),
        trace("19", "9*2=19", expected_answer="18", source_label=False),
    )

    told = tunix_rt("run", settings=settings)
    counted = tunix_rt("run", "--json", settings=settings)

    assert told.exit_code == 0, told.output
    assert "2 of 2 agree" in told.stdout
    assert "2 traces judged in this run" in told.stdout
    found = json.loads(counted.stdout)
    assert found["judged"] == 0
    assert found["total"]["answers"] == {"right": 1, "wrong": 1, "undecided": 0}
    assert found["total"]["steps"]["wrong"] == 1


def test_a_run_that_judges_nothing_is_refused(settings: Settings) -> None:
    refused = tunix_rt("run", "--no-answers", "--no-steps", settings=settings)

    assert isinstance(refused.exception, BadInput)


def test_answers_of_a_file_are_judged_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    file.write_text(
        '{"id": 1, "expected": "18", "given": "$18"}\n'
        "\n"
        "this is no JSON\n"
        '{"id": "b", "expected": 18, "given": "17", "kind": "number"}\n'
        '{"id": "c", "expected": "x", "given": "y", "kind": "psychic"}\n'
        '{"id": "d", "expected": "reveal", "given": "Reveal", "extra": 1}\n'
        '{"id": "e", "expected": "18", "given": null}\n',
        encoding="utf-8",
    )

    result = tunix_rt("answers", str(file), "--json")

    judged = {line["id"]: (line["verdict"], line["method"]) for line in lines_of(result)}
    assert judged == {
        1: ("right", "number"),
        "b": ("wrong", "number"),
        "d": ("right", "text"),
        "e": ("wrong", "number"),
    }
    assert "answers.jsonl:3: " in result.stderr
    assert "answers.jsonl:5: no verifier is called 'psychic'" in result.stderr
    assert isinstance(result.exception, BadInput)  # the program ends with exit code 1
    assert "2 lines" in result.exception.message


def test_answers_of_every_kind_may_be_literals(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    file.write_text(
        '{"id": 1, "expected": {"a": [1, null]}, "given": {"a": [1.0, null]}}\n'
        '{"id": 2, "expected": [1, 2, 3], "given": "[1, 2, 3]"}\n'
        '{"id": 3, "expected": true, "given": "yes"}\n'
        '{"id": 4, "expected": 0.5, "given": "1/2"}\n'
        '{"id": 5, "expected": "gcd", "given": "8", "kind": "reasoning_gym", "data": {}}\n'
        '{"id": 6, "expected": null, "given": "8"}\n'
        '{"id": 7, "expected": "x + 1", "given": "1 + x"}\n',
        encoding="utf-8",
    )

    result = tunix_rt("answers", str(file), "--json")

    assert {line["id"]: (line["verdict"], line["method"]) for line in lines_of(result)} == {
        1: ("right", "literal"),
        2: ("right", "collection"),
        3: ("right", "boolean"),
        4: ("right", "number"),
        5: ("undecided", "reasoning-gym"),
        6: ("undecided", "text"),
        7: ("right", "math"),
    }
    assert result.exit_code == 0


def test_a_file_without_bad_lines_ends_well(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    file.write_text('{"id": 1, "expected": "18", "given": "17"}\n', encoding="utf-8")

    result = tunix_rt("answers", str(file))

    assert result.exit_code == 0
    assert result.stdout == "1  wrong      number  17 was given, 18 is expected.\n"


def test_the_first_false_step_of_every_trace_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "traces.jsonl"
    clean = trace("4", "2+2=4").model_dump()
    false = {**trace("5", "1+1=2", "so 2+2=5").model_dump(), "id": "z"}
    silent = trace("5", "no numbers").model_dump()
    shown = [json.dumps(clean), json.dumps(false), "{}", json.dumps(silent)]
    file.write_text("\n".join(shown), encoding="utf-8")

    result = tunix_rt("steps", str(file), "--json")

    first, second, third = lines_of(result)
    assert first == {"index": 0, "first_error": None, "warnings": []}
    assert (second["id"], second["index"]) == ("z", 1)
    assert second["first_error"] == {
        "step": 1,
        "start": 3,
        "end": 8,
        "claim": "2+2=5",
        "message": "2+2=5 is false: the left side is 4, the right side 5.",
    }
    assert (third["index"], third["first_error"]) == (3, None)
    assert third["warnings"]
    assert "traces.jsonl:3: " in result.stderr
    assert isinstance(result.exception, BadInput)


def test_warnings_stand_under_their_trace(tmp_path: Path) -> None:
    file = tmp_path / "traces.jsonl"
    shaky = trace("9", "40 is 40", "Check: all good.")
    file.write_text(json.dumps(shaky.model_dump()), encoding="utf-8")

    told = tunix_rt("steps", str(file))
    asked = tunix_rt("steps", str(file), "--json")

    first, *rest = told.stdout.splitlines()
    assert first == "0  undecided"
    assert "    ritual  step 1  The step says that it verifies, but it names no number." in rest
    [line] = lines_of(asked)
    warnings = cast("list[dict[str, object]]", line["warnings"])
    assert {"undecided", "ritual", "final_unsupported"} <= {str(w["kind"]) for w in warnings}
    assert set(warnings[0]) == {"kind", "step", "start", "end", "message"}


def test_a_missing_file_is_one_sentence() -> None:
    result = tunix_rt("answers", "nowhere.jsonl")

    assert isinstance(result.exception, BadInput)
    assert "nowhere.jsonl" in result.exception.message


def test_a_hostile_text_does_not_drive_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    hostile = {"id": "\x1b[2J", "expected": "x", "given": "\x1b]0;pwned\x07"}
    file.write_text(json.dumps(hostile), encoding="utf-8")

    result = tunix_rt("answers", str(file))

    assert "\x1b" not in result.stdout


@pytest.mark.parametrize("how", ["--json", None])
def test_the_verifiers_are_listed(how: str | None) -> None:
    result = tunix_rt("verifiers", *([how] if how else []))

    for name in ("exact", "number", "claims", "provenance"):
        assert name in result.stdout
