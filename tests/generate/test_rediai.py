import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.generate.serving import Serving, closed_port, serving
from tunix_rt.generate.completing import complete, told
from tunix_rt.generate.schema import Completion, Sampling
from tunix_rt.kit.errors import BadInput, BadRequest, Unreachable
from tunix_rt.kit.settings import Settings


@pytest.fixture
def server() -> Iterator[Serving]:
    with serving() as found:
        yield found


def ask(url: str, *prompts: str, **config: Any) -> list[Completion]:
    given = {"mode": "real", "base_url": url, "model": "m", "pause": 0, **config}
    sampling = Sampling(temperature=0.5, max_new_tokens=9)
    return list(complete("rediai", prompts or ("2+2",), sampling, given))


def test_each_prompt_is_asked_as_the_contract_says(server: Serving) -> None:
    said = ask(server.url, "2+2", "3+3")

    assert [one.text for one in said] == ["four", "four"]
    question = {"model": "m", "prompt": "2+2", "temperature": 0.5, "max_tokens": 9}
    assert server.asked == [
        ("POST", "/generate", question),
        ("POST", "/generate", question | {"prompt": "3+3"}),
    ]


def test_a_mock_generates_nothing(server: Serving) -> None:
    with pytest.raises(BadRequest, match="mock mode") as refused:
        ask(server.url, mode="mock")

    assert "REDIAI_MODE=real" in str(refused.value.hint)
    assert server.asked == []


def test_a_busy_server_is_asked_again_but_not_for_ever(server: Serving) -> None:
    server.statuses = [503, 429]
    assert ask(server.url)[0].text == "four"
    assert len(server.asked) == 3

    server.status = 503
    with pytest.raises(Unreachable, match=f"RediAI at {server.url} gave no text: HTTP 503"):
        ask(server.url)
    assert len(server.asked) == 6


@pytest.mark.parametrize("status", [301, 400, 404, 500])
def test_an_answer_that_will_not_change_is_not_asked_for_again(
    server: Serving, status: int
) -> None:
    server.status = status

    with pytest.raises(Unreachable, match=f"HTTP {status}"):
        ask(server.url)

    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"\xff", b'{"text": 4}', b"[]", b'{"answer": "4"}', b"[" * 100_000]
)
def test_garbage_is_no_text(server: Serving, body: bytes) -> None:
    server.body = body

    with pytest.raises(Unreachable, match="the answer is not"):
        ask(server.url)


def test_a_huge_answer_is_not_read_to_its_end(server: Serving) -> None:
    server.body = b" " * (9 * 1024 * 1024)

    with pytest.raises(Unreachable, match="larger than 8388608 bytes"):
        ask(server.url)


def test_a_server_that_drips_does_not_stretch_the_time(server: Serving) -> None:
    server.drip_seconds = 0.05

    with pytest.raises(Unreachable, match=r"Timeout after 0[.]5s"):
        ask(server.url, seconds=0.5)


def test_nobody_there_is_a_refused_connection() -> None:
    with pytest.raises(Unreachable, match="Connection refused: "):
        ask(f"http://127.0.0.1:{closed_port()}")


def test_what_does_not_speak_http_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def babble() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"SSH-2.0-OpenSSH\r\n\r\n")

        thread = threading.Thread(target=babble)
        thread.start()
        with pytest.raises(Unreachable, match="No answer in HTTP"):
            ask(f"http://127.0.0.1:{listening.getsockname()[1]}")
        thread.join()


def test_the_settings_say_where_it_is_unless_the_config_does() -> None:
    here = Settings(rediai_mode="real", rediai_url="http://there:1/x")

    assert told("rediai", {}, here) == {"mode": "real", "base_url": "http://there:1/x"}
    assert told("rediai", {"base_url": "http://b"}, here)["base_url"] == "http://b"
    assert told("jax", {"model": "m"}, here) == {"model": "m"}


def test_an_address_of_another_kind_is_refused_before_it_is_asked() -> None:
    with pytest.raises(BadInput, match="base_url"):
        ask("file:///etc/passwd")
