"""A function called apart: its results come back, and what it breaks is not the caller's."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tunix_rt.kit.apart import Apart, Broke, act_no_more

HERE = "tests.kit.test_apart"


def add(a: int, b: int) -> int:
    print("a library prints")  # noqa: T201
    return a + b


def fail(text: str) -> None:
    raise ValueError(text)


def tower(height: int) -> int:
    """A power that ends after the sun; no signal handler runs inside it."""
    return len(str(9 ** (9**height)))


def gather(size: int) -> int:
    return len(bytearray(size))


def die() -> None:
    os._exit(3)


def name() -> int:
    return os.getpid()


def acting(path: str) -> dict[str, str]:
    """What each act of a process that may act no more ends in."""
    act_no_more()
    acts: dict[str, Callable[[], object]] = {
        "read": lambda: Path(__file__).read_text("utf-8"),
        "write": lambda: Path(path).write_text("x", "utf-8"),
        "make": lambda: Path(path).mkdir(),
        "program": lambda: subprocess.run(["true"], check=True),
        "shell": lambda: os.system("true"),
        "connection": lambda: socket.socket().connect(("127.0.0.1", 9)),
    }
    ended = {}
    for word, act in acts.items():
        try:
            act()
            ended[word] = "done"
        except PermissionError:
            ended[word] = "refused"
    return ended


@pytest.fixture
def apart() -> Iterator[type[Apart]]:
    made: list[Apart] = []

    class Closed(Apart):
        def __init__(self, function: str, **limits: float) -> None:
            super().__init__(f"{HERE}:{function}", **limits)  # type: ignore[arg-type]
            made.append(self)

    yield Closed
    for one in made:
        one.close()


def test_a_result_comes_back_whatever_the_function_prints(apart: type[Apart]) -> None:
    call = apart("add")

    assert [call(1, 2), call(3, 4)] == [3, 7]


def test_one_process_answers_many_calls_and_close_ends_it(apart: type[Apart]) -> None:
    call = apart("name")
    first, second = call(), call()

    call.close()

    assert first == second
    assert call() != first


def test_an_error_is_said_and_the_next_call_works(apart: type[Apart]) -> None:
    call = apart("fail")

    with pytest.raises(Broke, match="ValueError: no"):
        call("no")
    with pytest.raises(Broke, match="ValueError: again"):
        call("again")


def test_a_call_that_hangs_in_c_is_killed(apart: type[Apart]) -> None:
    call = apart("tower", seconds=0.3)

    with pytest.raises(Broke, match="longer than"):
        call(9)

    assert call(1) == len(str(9**9))


def test_a_call_that_eats_memory_breaks(apart: type[Apart]) -> None:
    call = apart("gather")

    with pytest.raises(Broke, match="memory"):
        call(2**30)

    assert call(10) == 10


def test_a_process_that_dies_is_replaced(apart: type[Apart]) -> None:
    call = apart("die")

    with pytest.raises(Broke):
        call()
    with pytest.raises(Broke):
        call()


def test_a_function_that_is_not_there_says_so(apart: type[Apart]) -> None:
    with pytest.raises(Broke, match="could not start: AttributeError"):
        apart("nothing")()


def test_a_process_that_may_act_no_more_only_reads(apart: type[Apart], tmp_path: Path) -> None:
    ended = apart("acting")(str(tmp_path / "x"))

    assert ended.pop("read") == "done"
    assert set(ended.values()) == {"refused"}
    assert not list(tmp_path.iterdir())


def test_a_call_may_be_given_less_time_than_usual(apart: type[Apart]) -> None:
    call = apart("tower", seconds=60)

    with pytest.raises(Broke, match=r"longer than 0\.3 s"):
        call.within(0.3, 9)


def test_callers_of_many_threads_wait_for_each_other(apart: type[Apart]) -> None:
    call, sums = apart("add"), dict[int, int]()

    def ask(number: int) -> None:
        sums[number] = call(number, number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sums == {number: 2 * number for number in range(8)}


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGALRM")
def test_the_process_ends_by_itself_when_its_caller_was_killed() -> None:
    program = (
        "from tunix_rt.kit.apart import Apart\n"
        f"call = Apart('{HERE}:tower', seconds=1)\n"
        "call(0); print(call._child.pid, flush=True); call(9)"
    )
    caller = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert caller.stdout is not None
    child = int(caller.stdout.readline())

    caller.kill()
    caller.communicate()

    deadline = time.monotonic() + 20
    while _lives(child) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _lives(child)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
