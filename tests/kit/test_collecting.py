"""The garbage collector: while libraries are imported, and behind it."""

import gc

from tunix_rt.kit.collecting import SELDOM, lasting, seldom


class _Made:
    """Something that a library makes."""


def test_it_looks_seldom_meanwhile_and_as_often_as_before_behind_it() -> None:
    before = gc.get_threshold()

    with seldom():
        assert gc.get_threshold() == (SELDOM, *before[1:])

    assert gc.get_threshold() == before


def test_what_a_library_made_is_looked_through_no_more_and_what_came_later_is() -> None:
    with lasting():
        lasts = _Made()
    later = _Made()

    seen = {id(one) for one in gc.get_objects() if isinstance(one, _Made)}
    assert id(lasts) not in seen
    assert id(later) in seen
