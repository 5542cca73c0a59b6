from tests.curate.curating import reasons, seen


def test_only_right_answers_stay() -> None:
    words = ("right", "wrong", "undecided", None)

    said = reasons("verified", *(seen(verdict=word) for word in words))

    assert said == [None, "answer wrong", "answer undecided", "not verified"]


def test_other_verdicts_can_be_asked_for() -> None:
    words = ("right", "wrong", "undecided", None)

    said = reasons("verified", *(seen(verdict=word) for word in words), keep=["wrong", "none"])

    assert said == ["answer right", None, "answer undecided", None]
