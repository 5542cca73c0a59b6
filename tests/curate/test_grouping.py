"""Groups are the same whether their rows fit in memory or wait in files."""

from pathlib import Path
from random import Random

import pytest

from tunix_rt.curate.grouping import CHUNK, Groups


@pytest.mark.parametrize("spill", [10, 10**9])
def test_groups_come_in_order_with_the_best_row_first(tmp_path: Path, spill: int) -> None:
    drawn = Random(1)
    names = [drawn.getrandbits(64) for _ in range(40_000)]
    rows = [
        (drawn.choice(names), drawn.randrange(3), drawn.getrandbits(64), n) for n in range(120_000)
    ]
    groups = Groups(tmp_path, "g", spill=spill)

    for row in rows:
        groups.add(*row)
    found = [[tuple(row)[:4] for row in group.tolist()] for group in groups.groups()]

    assert len(rows) > 2 * CHUNK
    assert [row for group in found for row in group] == sorted(rows)
    assert all(len({row[0] for row in group}) == 1 for group in found)
    assert len(found) == len({row[0] for row in rows})
    assert list(tmp_path.iterdir()) == []


def test_small_groups_are_left_out_when_large_ones_are_asked_for(tmp_path: Path) -> None:
    groups = Groups(tmp_path, "g")
    for place, group in enumerate([1, 2, 2, 3, 3, 3, 2**64 - 1]):
        groups.add(group, 0, place, place, extra=place)

    found = [group["place"].tolist() for group in groups.groups(least=2)]

    assert found == [[1, 2], [3, 4, 5]]
    assert list(Groups(tmp_path, "empty").groups()) == []
