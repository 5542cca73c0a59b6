from collections import defaultdict
from itertools import chain

import pytest

from tests.rendering.rows import row, steps
from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.writing.grouping import KINDS, groups
from tunix_rt.traces.schema import group_of

ROWS = [
    row(n, prompt=f"p{n % 37}", verdict=("right", "wrong", None)[n % 3], steps=steps(f"s{n}"))
    for n in range(1_000)
]


def kind(found: TraceRow) -> str | None:
    return found.verdict


@pytest.mark.parametrize("held", [10**9, 4_000, 1])
def test_every_row_comes_with_the_others_of_its_prompt(held: int) -> None:
    found = list(groups(ROWS, kind, held=held))

    prompts = [{one.prompt for one in chain(*group.values())} for group in found]
    assert all(len(one) == 1 for one in prompts)
    assert len(found) == 37
    expected: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in ROWS:
        if one.verdict is not None:
            expected[one.prompt, one.verdict].add(one.id)
    assert expected == {
        (members[0].prompt, name): {one.id for one in members}
        for group in found
        for name, members in group.items()
    }


def test_the_order_is_that_of_the_hashes_however_little_is_held() -> None:
    much, little = (
        [next(chain(*group.values())).prompt for group in groups(ROWS, kind, held=held)]
        for held in (10**9, 1)
    )

    assert much == little == sorted(much, key=group_of)


def test_of_a_prompt_with_many_rows_a_bounded_choice_is_kept() -> None:
    many = [row(n, prompt="p", steps=steps(f"s{n}")) for n in range(500)]

    [forwards] = groups(many, kind, most=10)
    [backwards] = groups(many[::-1], kind, most=10, held=1)

    assert len(forwards["right"]) == 10
    assert [one.id for one in forwards["right"]] == [one.id for one in backwards["right"]]


def test_a_prompt_of_many_kinds_keeps_a_few() -> None:
    [group] = groups([row(n, prompt="p") for n in range(100)], lambda found: found.final_answer)

    assert list(group) == [str(n + 1) for n in range(KINDS)]


def test_the_same_content_is_one_row_whatever_its_id() -> None:
    [group] = groups(
        [row(n, prompt="p", steps=steps("s"), final_answer="1") for n in range(5)], kind
    )

    assert len(group["right"]) == 1
