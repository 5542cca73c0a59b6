from tests.curate.curating import marks, seen


def test_short_traces_come_first_in_parts_of_equal_size() -> None:
    traces = [seen(*["x"] * (n + 1)) for n in range(9)]

    said = marks("curriculum", *traces, by="steps", parts=3)

    assert [one and one.part for one in said] == [1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_hard_first_turns_the_order() -> None:
    traces = [seen("x" * (n + 1)) for n in range(4)]

    said = marks("curriculum", *traces, by="chars", parts=2, order="hard first")

    assert [one and one.part for one in said] == [2, 2, 1, 1]


def test_difficulty_is_how_often_a_prompt_is_not_right() -> None:
    verdicts = {"easy": ("right", "right"), "hard": ("wrong", "wrong"), "new": (None, None)}
    traces = [
        seen(str(n), prompt=prompt, verdict=word)
        for prompt, words in verdicts.items()
        for n, word in enumerate(words)
    ]

    said = marks("curriculum", *traces, parts=3)

    assert [one and one.part for one in said] == [1, 1, 3, 3, 2, 2]


def test_what_is_equally_hard_stays_together() -> None:
    traces = [seen("same") for _ in range(7)]

    parts = {one and one.part for one in marks("curriculum", *traces, by="steps", parts=3)}

    assert len(parts) == 1
