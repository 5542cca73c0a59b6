"""Any server that speaks OpenAI's chat completions: vLLM, llama.cpp, Ollama, OpenAI itself.

`OPENAI_BASE_URL` says where it is. `OPENAI_API_KEY` is sent to that address and to no
other, whatever a config says: a config may come from a stranger, and is stored.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Annotated, Any

import msgspec
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from tunix_rt.generate.schema import Completion, Sampling
from tunix_rt.kit.asking import Answer, ask_again
from tunix_rt.kit.errors import Unreachable

LOCAL = "http://localhost:8000/v1"
"""Where vLLM listens."""


def _address() -> str:
    return os.environ.get("OPENAI_BASE_URL") or LOCAL


class Config(BaseModel):
    """Which server, which of its models, and what else it is asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Annotated[str, Field(min_length=1, max_length=256)]
    base_url: Annotated[
        str, Field(pattern=r"^https?://", max_length=2048, default_factory=_address)
    ]
    system: Annotated[str, Field(max_length=100_000)] = ""
    """A message before the prompt."""
    response_format: dict[str, JsonValue] | None = None
    """Such as {"type": "json_object"}, where the server knows it."""
    batch_size: Annotated[int, Field(ge=1, le=256)] = 8
    """Questions asked at the same time."""
    seconds: Annotated[float, Field(gt=0, le=3600)] = 300.0
    """How long one text may take."""
    pause: Annotated[float, Field(ge=0, le=10)] = 1.0
    """Seconds before a question is asked again; twice as many before the third time."""


class _Message(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Message
    finish_reason: str | None = None


class _Usage(msgspec.Struct):
    completion_tokens: int = 0


class _Reply(msgspec.Struct):
    choices: Annotated[list[_Choice], msgspec.Meta(min_length=1)]
    usage: _Usage | None = None


def complete(prompts: Sequence[str], sampling: Sampling, config: Config) -> Iterator[Completion]:
    """One completion per prompt, in order, several at a time.

    `tokens` is what the server counts, or else words.
    """
    size = config.batch_size
    with ThreadPoolExecutor(size) as pool:
        for start in range(0, len(prompts), size):
            some = prompts[start : start + size]
            yield from pool.map(partial(_generate, sampling=sampling, config=config), some)


def _generate(prompt: str, sampling: Sampling, config: Config) -> Completion:
    before = [{"role": "system", "content": config.system}] if config.system else []
    question: dict[str, Any] = {
        "model": config.model,
        "messages": [*before, {"role": "user", "content": prompt}],
        "max_tokens": sampling.max_new_tokens,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "seed": sampling.seed,
    }
    if config.response_format is not None:
        question["response_format"] = config.response_format
    answer = _asked(question, config)
    if not 200 <= answer.status < 300:
        said = " ".join(answer.body[:300].decode(errors="replace").split())
        raise _failed(f"HTTP {answer.status}: {said}", config)
    try:
        reply = msgspec.json.decode(answer.body, type=_Reply)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise _failed("the answer is not a chat completion", config) from None
    text = reply.choices[0].message.content or ""
    counted = reply.usage.completion_tokens if reply.usage else 0
    cut = reply.choices[0].finish_reason == "length"
    return Completion(
        text=text, tokens=counted or len(text.split()), finish="length" if cut else "stop"
    )


def _asked(question: dict[str, Any], config: Config) -> Answer:
    url = config.base_url.rstrip("/") + "/chat/completions"
    key = os.environ.get("OPENAI_API_KEY")
    ours = config.base_url.rstrip("/") == _address().rstrip("/")
    headers = {"Authorization": f"Bearer {key}"} if key and ours else None
    try:
        return ask_again(
            "POST",
            url,
            seconds=config.seconds,
            pause=config.pause,
            json=question,
            headers=headers,
        )
    except Unreachable as error:
        raise _failed(error.message, config) from None


def _failed(reason: str, config: Config) -> Unreachable:
    return Unreachable(
        f"{config.model} at {config.base_url} gave no text: {reason}.",
        hint="Set OPENAI_BASE_URL to the server's address, with /v1 where it has one.",
    )
