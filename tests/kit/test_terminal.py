import os
import signal
from collections.abc import Iterator

import pytest

from tunix_rt.kit.terminal import hanging_up, line, plain, say, table

HOSTILE = "a\x1b]0;owned\x07\x1b[2J\u202eb\r\nc\ud800"


def test_what_a_stranger_wrote_cannot_drive_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line(HOSTILE)
    say(HOSTILE)
    table(("x",), [(HOSTILE,)])

    said = capsys.readouterr()
    assert said.out.count("\n") == 3  # the result, the head and its row
    assert said.err == plain(HOSTILE, lines=True) + "\n"
    assert set("\x1b\x07\r\u202e\ud800") & set(said.out + said.err) == set()


def test_what_is_long_takes_no_room_from_what_is_short(capsys: pytest.CaptureFixture[str]) -> None:
    table(("row", "prompt", "answer", "step"), [(7, "p " * 200, "[b]42[/b]", "s" * 200)])

    head, row = capsys.readouterr().out.splitlines()
    assert head.split() == ["row", "prompt", "answer", "step"]
    assert row.startswith("7 ")
    assert "[b]42[/b]" in row
    assert row.count("…") == 2
    assert len(row) <= 160


def test_text_of_several_lines_keeps_them_where_that_is_wanted() -> None:
    assert plain("a\n\tb\x1b", lines=True) == "a\n\tb "
    assert plain("a\n\tb\x1b") == "a  b "
    assert plain(None) == ""


@pytest.fixture(params=[signal.SIG_DFL, signal.SIG_IGN], ids=["plain", "nohup"])
def hangs_up(request: pytest.FixtureRequest) -> Iterator[bool]:
    """Whether this process hangs up when its terminal closes, as who started it chose."""
    before = signal.signal(signal.SIGHUP, request.param)
    yield request.param == signal.SIG_DFL
    signal.signal(signal.SIGHUP, before)


def test_a_terminal_that_closes_stops_what_was_not_told_to_go_on(hangs_up: bool) -> None:
    chosen, stopped = signal.getsignal(signal.SIGHUP), list[str]()

    with hanging_up(lambda: stopped.append("stopped")):
        os.kill(os.getpid(), signal.SIGHUP)

    assert stopped == (["stopped"] if hangs_up else [])
    assert signal.getsignal(signal.SIGHUP) == chosen
