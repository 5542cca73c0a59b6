import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.generate.serving import Serving, closed_port, serving
from tunix_rt.generate.completing import complete
from tunix_rt.generate.schema import Completion, Sampling
from tunix_rt.kit.errors import BadInput, Unreachable


def reply(text: str | None, **more: Any) -> bytes:
    return json.dumps(
        {"choices": [{"message": {"role": "assistant", "content": text}, **more}], "usage": None}
    ).encode()


@pytest.fixture
def server() -> Iterator[Serving]:
    with serving() as found:
        found.body = reply("four", finish_reason="stop")
        yield found


def ask(url: str, *prompts: str, **config: Any) -> list[Completion]:
    given = {"base_url": f"{url}/v1", "model": "m", "pause": 0, **config}
    sampling = Sampling(temperature=0.5, max_new_tokens=9, seed=3)
    return list(complete("openai", prompts or ("2+2",), sampling, given))


def test_each_prompt_is_one_chat(server: Serving) -> None:
    said = ask(server.url, "2+2", "3+3", system="Be short.", batch_size=1)

    assert [(one.text, one.tokens, one.finish) for one in said] == [("four", 1, "stop")] * 2
    assert [path for _, path, _ in server.asked] == ["/v1/chat/completions"] * 2
    question = server.asked[0][2]
    assert question["messages"] == [
        {"role": "system", "content": "Be short."},
        {"role": "user", "content": "2+2"},
    ]
    asked = {k: question[k] for k in ("model", "max_tokens", "temperature", "seed")}
    assert asked == {"model": "m", "max_tokens": 9, "temperature": 0.5, "seed": 3}
    assert "response_format" not in question


def test_several_are_asked_at_once_and_answered_in_order(server: Serving) -> None:
    said = ask(server.url, *(str(n) for n in range(20)), batch_size=6)

    assert len(said) == 20
    assert sorted(body["messages"][0]["content"] for _, _, body in server.asked) == sorted(
        str(n) for n in range(20)
    )


def test_tokens_and_the_cut_are_the_servers(server: Serving) -> None:
    server.body = json.dumps(
        {
            "choices": [{"message": {"content": "a b"}, "finish_reason": "length"}],
            "usage": {"completion_tokens": 9},
        }
    ).encode()

    [said] = ask(server.url, response_format={"type": "json_object"})

    assert (said.tokens, said.finish) == (9, "length")
    assert server.asked[0][2]["response_format"] == {"type": "json_object"}


def test_a_message_without_text_is_an_empty_one(server: Serving) -> None:
    server.body = reply(None)

    assert ask(server.url)[0].text == ""


@pytest.mark.parametrize("body", [b"{}", b'{"choices": []}', b"no json", b"[" * 100_000])
def test_what_is_no_chat_completion_is_said(server: Serving, body: bytes) -> None:
    server.body = body

    with pytest.raises(Unreachable, match="not a chat completion"):
        ask(server.url)


def test_a_refusal_is_passed_on_and_a_busy_server_asked_again(server: Serving) -> None:
    server.statuses = [429]
    assert ask(server.url)[0].text == "four"

    server.status, server.body = 400, b'{"error": "no such model"}'
    with pytest.raises(Unreachable, match=r"HTTP 400: .*no such model"):
        ask(server.url)
    with pytest.raises(Unreachable, match="Connection refused"):
        ask(f"http://127.0.0.1:{closed_port()}")


def test_the_key_goes_to_the_servers_address_and_nowhere_else(
    server: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/v1/")
    ask(server.url)

    monkeypatch.setenv("OPENAI_BASE_URL", "http://elsewhere/v1")
    ask(server.url)

    assert [headers.get("authorization") for headers in server.headers] == ["Bearer secret", None]


def test_a_config_without_a_model_is_refused() -> None:
    with pytest.raises(BadInput, match="not valid at model"):
        list(complete("openai", ["2+2"], Sampling(), {}))
