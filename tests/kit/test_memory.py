import os
import sys

import pytest

from tunix_rt.kit.alone import alone
from tunix_rt.kit.errors import BadInput, Broken
from tunix_rt.kit.memory import held, peak

MB = 2**20


def taken(size: int) -> int:
    """The peak of a process that took so many bytes and gave them back."""
    block = bytearray(size)
    block[:: 2**12] = b"x" * len(block[:: 2**12])
    del block
    return peak()


def test_a_peak_stays_when_what_was_held_is_gone() -> None:
    found = alone(taken, 300 * MB)

    assert 300 * MB < found < 500 * MB
    assert held() > MB


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a peak has the parent's in it")
def test_a_process_of_its_own_has_no_peak_of_its_parent_or_of_one_before_it() -> None:
    own = taken(600 * MB)
    first, second = alone(taken, 300 * MB), alone(taken, MB)

    assert own > 600 * MB > first > 300 * MB > second


def refuse(message: str, hint: str) -> None:
    raise BadInput(message, hint=hint)


def test_an_error_comes_back_as_it_is() -> None:
    with pytest.raises(BadInput) as caught:
        alone(refuse, "No such thing.", "Take another.")

    assert (caught.value.message, caught.value.hint) == ("No such thing.", "Take another.")


def test_a_process_that_dies_is_one_sentence() -> None:
    with pytest.raises(Broken, match="died without a word"):
        alone(os._exit, 3)
