from pathlib import Path

from tests.traces.reading import read
from tunix_rt.store import Store
from tunix_rt.traces import importing, query
from tunix_rt.traces.schema import TraceFilter


def test_without_a_prompt_the_text_before_the_thoughts_is_it() -> None:
    [trace] = read("think-tags", {"text": "2+2?\n<think>Two.\n\nFour.</think>\n4"})

    assert (trace.prompt, trace.final_answer) == ("2+2?", "4")
    assert [step.content for step in trace.steps] == ["Two.", "Four."]


def test_a_text_that_begins_with_its_thoughts_has_no_prompt() -> None:
    [trace] = read("think-tags", {"text": "Two and two.</think>4"})

    assert (trace.prompt, trace.final_answer) == ("(no prompt)", "4")


def test_what_is_said_around_a_box_is_a_step() -> None:
    [trace] = read(
        "think-tags", {"prompt": "?", "response": r"<think>a</think>So it is \boxed{4}."}
    )
    [bare] = read("think-tags", {"prompt": "?", "response": r"<think>a</think>$\boxed{4}$."})

    assert [step.content for step in trace.steps] == ["a", r"So it is \boxed{4}."]
    assert [step.content for step in bare.steps] == ["a"]
    assert trace.final_answer == bare.final_answer == "4"


def test_a_response_that_was_cut_off_says_so() -> None:
    [trace] = read("think-tags", {"prompt": "?", "output": "<think>a", "finish_reason": "length"})

    assert trace.final_answer == "(no answer)"
    assert (trace.meta["truncated"], trace.meta["finish_reason"]) == (True, "length")


def test_a_plain_text_file_is_imported(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "answer.txt"
    file.write_text("2+2?\n<think>Two and two.</think>4", "utf-8")

    report = importing.import_file(store, file)

    assert (report.format, report.added) == ("think-tags", 1)
    with store.read() as connection:
        assert [row.prompt for row in query.page(connection, TraceFilter(), limit=2).rows] == [
            "2+2?"
        ]
