from tests.curate.curating import kept, seen


def test_the_best_of_each_prompt_stay() -> None:
    long = seen("a long way round", prompt="p", verdict="right")
    short = seen("short", prompt="p", verdict="right")
    checked = seen("checked, however long it is", prompt="p", verdict="right", claims=2)
    wrong = seen("no", prompt="p", verdict="wrong")
    other = seen("no", prompt="q", verdict="wrong")

    left = kept("per-prompt", long, short, checked, wrong, other, most=2)

    assert left == [short, checked, other]


def test_chance_takes_others_with_another_seed() -> None:
    traces = [seen(str(n), prompt="p") for n in range(50)]

    one = kept("per-prompt", *traces, most=10, prefer="chance", seed=1)
    same = kept("per-prompt", *traces[::-1], most=10, prefer="chance", seed=1)
    other = kept("per-prompt", *traces, most=10, prefer="chance", seed=2)

    assert len(one) == 10
    assert {t.key for t in one} == {t.key for t in same} != {t.key for t in other}
