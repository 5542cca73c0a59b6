from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from tunix_rt.kit.ids import iso, new_id
from tunix_rt.store.columns import Id, Instant

DIALECT = sqlite.dialect()


@example(datetime(4148, 1, 1, 0, 0, 0, 999993))  # its seconds round up as a float
@given(st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(9999, 1, 1)))
def test_a_moment_comes_back_to_the_microsecond(moment: datetime) -> None:
    column = Instant()
    aware = moment.replace(tzinfo=UTC)

    stored = column.process_bind_param(aware, DIALECT)

    assert column.process_result_value(stored, DIALECT) == aware


def test_an_id_is_sixteen_bytes_in_sqlite_and_text_outside() -> None:
    id_ = new_id()

    stored = Id().process_bind_param(id_, DIALECT)

    assert len(stored) == 16
    assert Id().process_result_value(stored, DIALECT) == id_


def test_later_ids_sort_after_earlier_ones() -> None:
    ids = [new_id() for _ in range(10_000)]

    assert ids == sorted(ids)


@pytest.mark.parametrize("hours", [0, 5])
def test_moments_are_shown_in_utc_with_z(hours: int) -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC) + timedelta(hours=hours)

    assert iso(moment).endswith(f"T{3 + hours:02d}:04:05.000006Z")
