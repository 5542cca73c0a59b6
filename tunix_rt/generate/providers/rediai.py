"""RediAI, a text-generation server that runs beside this one, asked over HTTP."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from tunix_rt.generate.schema import Completion, Sampling
from tunix_rt.kit.asking import ask_again
from tunix_rt.kit.errors import BadRequest, Unreachable
from tunix_rt.kit.settings import Settings

SECONDS = 30.0
"""How long one text may take."""


class Config(BaseModel):
    """Which server and which of its models; what is left out comes from the settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Literal["mock", "real"] = "mock"
    """`mock` refuses to generate: a text that no model wrote would look like one."""
    base_url: Annotated[str, Field(pattern=r"^https?://", max_length=2048)] = (
        "http://localhost:8080"
    )
    model: Annotated[str, Field(min_length=1, max_length=256)] = "default"
    batch_size: Annotated[int, Field(ge=1)] = 1
    """Ignored: the server is asked for one text at a time."""
    seconds: Annotated[float, Field(gt=0, le=SECONDS)] = SECONDS
    """How long one text may take."""
    pause: Annotated[float, Field(ge=0, le=10)] = 1.0
    """Seconds before a question is asked again; twice as many before the third time."""


class _Text(msgspec.Struct):
    text: str


def defaults(settings: Settings) -> dict[str, Any]:
    """What the settings of this machine say about this provider."""
    return {"mode": settings.rediai_mode, "base_url": settings.rediai_url}


def complete(prompts: Sequence[str], sampling: Sampling, config: Config) -> Iterator[Completion]:
    """One completion per prompt, in order, one at a time.

    RediAI does not count: `tokens` are words, and nobody knows whether a text was cut.
    """
    if config.mode == "mock":
        raise BadRequest(
            "RediAI is in mock mode, in which no text is generated.",
            hint="Set REDIAI_MODE=real and REDIAI_BASE_URL to the server's address.",
        )
    for prompt in prompts:
        text = _generate(prompt, sampling, config)
        yield Completion(text=text, tokens=len(text.split()), finish="stop")


def _generate(prompt: str, sampling: Sampling, config: Config) -> str:
    question = {
        "model": config.model,
        "prompt": prompt,
        "temperature": sampling.temperature,
        "max_tokens": sampling.max_new_tokens,
    }
    url = config.base_url.rstrip("/") + "/generate"
    try:
        answer = ask_again("POST", url, seconds=config.seconds, pause=config.pause, json=question)
    except Unreachable as error:
        raise _failed(error.message, config) from None
    if not 200 <= answer.status < 300:
        raise _failed(f"HTTP {answer.status}", config)
    try:
        return msgspec.json.decode(answer.body, type=_Text).text
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise _failed('the answer is not {"text": "..."}', config) from None


def _failed(reason: str, config: Config) -> Unreachable:
    return Unreachable(
        f"RediAI at {config.base_url} gave no text: {reason}.",
        hint="tunix-rt generate health says whether it is up.",
    )
