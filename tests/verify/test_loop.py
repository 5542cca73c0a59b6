import pytest

from tests.verify.warned import given, warned

WAIT = "wait, let me think about it again"
LONG = "he takes the three eggs and adds the four eggs to them and so he has seven of them"
WALK = [f"Move disk {n % 4} from peg {n % 3} to peg {(n + 1) % 3}." for n in range(31)]


@pytest.mark.parametrize(
    "steps",
    [
        ["3 + 4 = 7", WAIT, WAIT, WAIT],
        [f"{WAIT} {WAIT} {WAIT}"],
        [WAIT + " one", WAIT + " one", WAIT + " one", "7"],
        [" ".join(f"{LONG} {word}" for word in "abcdefghi")],
        ["ha" * 2_000],
    ],
)
def test_a_loop_is_named(steps: list[str]) -> None:
    assert warned("loop", given(*steps))


@pytest.mark.parametrize(
    "steps",
    [
        ["3 + 4 = 7", "3 + 4 = 7"],
        [f"He adds {n} to {n * n} and gets {n + n * n}." for n in range(20)],
        ["1 1 1 1 1 1 1 1"],
        WALK[:4],
        ["no no no"],
        [],
    ],
)
def test_what_only_resembles_itself_is_no_loop(steps: list[str]) -> None:
    assert warned("loop", given(*steps)) == []


def test_the_step_where_it_begins_is_named() -> None:
    [warning] = warned("loop", given("3 + 4 = 7", "so", f"{WAIT} {WAIT} {WAIT}"))

    assert warning.step == 2
