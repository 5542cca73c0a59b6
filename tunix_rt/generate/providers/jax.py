"""A model folder on this machine, run by Tunix on JAX.

Prompts go through in batches of one size and a few lengths, because each new
pair of those costs a compilation. Greedy texts do not depend on how prompts are
batched; sampled ones do.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tunix_rt.generate.schema import Completion, Sampling
from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading import jax as loading
from tunix_rt.registry.loading.chat import asked_ids, load_chat_template
from tunix_rt.registry.loading.tokenizer import TextTokenizer, check_ids

SHORTEST = 16
"""Prompts are padded to this many tokens, or to twice, four times, ... as many."""


FOLDERS = ("model",)
DEVICE = "auto"


class Config(BaseModel):
    """Which model, and how much of it at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Annotated[str, Field(min_length=1, max_length=4096)]
    """Folder in the Hugging Face layout."""
    batch_size: Annotated[int, Field(ge=1, le=4096)] = 128
    max_prompt_tokens: Annotated[int, Field(ge=16, le=131_072)] = 4096
    """A longer prompt is refused: its cache would not fit in memory."""
    chat: bool = False
    """Whether prompts are asked as the folder's own chat template asks them."""
    system: Annotated[str, Field(min_length=1, max_length=20_000)] | None = None
    """An instruction before each prompt, where the chat template takes one."""

    @model_validator(mode="after")
    def _system_is_for_chats(self) -> Self:
        if self.system is not None and not self.chat:
            raise ValueError("a system instruction needs chat = true")
        return self


def complete(prompts: Sequence[str], sampling: Sampling, config: Config) -> Iterator[Completion]:
    """One completion per prompt, in order, a batch at a time."""
    loaded = loading.load(Path(config.model))
    begin = 0 if loaded.tokenizer.bos_id() is None else 1
    encoded = _encoded(loaded.tokenizer, prompts, config)
    asked = _Asked(loaded.tokenizer, dict(zip(prompts, encoded, strict=True)))
    largest = max((max(ids, default=0) for ids in encoded), default=0)
    check_ids(loaded.tokenizer, largest, loaded.shape.vocab)
    lengths = [len(ids) + begin for ids in encoded]
    longest = max(lengths, default=0)
    limit = min(config.max_prompt_tokens, loaded.shape.context - sampling.max_new_tokens)
    if longest > limit:
        raise BadInput(
            f"Prompt {lengths.index(longest)} has {longest} tokens; {limit} fit "
            f"beside {sampling.max_new_tokens} new ones.",
            hint="Shorten it, or lower max_new_tokens.",
        )
    size = min(config.batch_size, _bucket(len(prompts), 1))
    samplers: dict[int, Any] = {}
    for number, start in enumerate(range(0, len(prompts), size)):
        batch = list(prompts[start : start + size])
        width = _bucket(max(lengths[start : start + size]), SHORTEST)
        if width not in samplers:
            samplers[width] = _sampler(loaded, asked, width + sampling.max_new_tokens)
        full = batch + [batch[0]] * (size - len(batch))
        yield from _ask(samplers[width], full, width, sampling, number)[: len(batch)]


def _ask(
    sampler: Any, prompts: list[str], width: int, sampling: Sampling, number: int
) -> list[Completion]:
    """One batch. Tunix looks at the temperature only where `top_p` is given."""
    random = (
        {
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "seed": (sampling.seed + 1_000_003 * number) % 2**31,
        }
        if sampling.temperature > 0
        else {}
    )
    with loading.quiet():
        found = sampler(
            prompts,
            max_generation_steps=sampling.max_new_tokens,
            max_prompt_length=width,
            **random,
        )
    return [
        Completion(
            text=text,
            tokens=len(tokens),
            finish="stop" if len(tokens) < sampling.max_new_tokens else "length",
        )
        for text, tokens in zip(found.text, found.tokens, strict=True)
    ]


class _Asked:
    """The tokenizer as the sampler has it: each prompt has the ids that were counted."""

    def __init__(self, tokenizer: TextTokenizer, ids: dict[str, list[int]]) -> None:
        self._ids = ids
        self.decode, self.pad_id = tokenizer.decode, tokenizer.pad_id
        self.bos_id, self.eos_id = tokenizer.bos_id, tokenizer.eos_id

    def encode(self, text: str, **_: object) -> list[int]:
        """The ids of one of the prompts."""
        return list(self._ids[text])


def _encoded(tokenizer: TextTokenizer, prompts: Sequence[str], config: Config) -> list[list[int]]:
    if not config.chat:
        return tokenizer.encode_many(prompts)
    chat = load_chat_template(Path(config.model))
    return [asked_ids(tokenizer, chat, prompt, config.system) for prompt in prompts]


def _sampler(loaded: loading.Loaded, tokenizer: _Asked, cache: int) -> Any:
    with loading.quiet():
        from tunix.generate import sampler

        shape = loaded.shape
        return sampler.Sampler(
            loaded.model,
            tokenizer,
            sampler.CacheConfig(
                cache_size=cache,
                num_layers=shape.layers,
                num_kv_heads=shape.kv_heads,
                head_dim=shape.head_width,
            ),
        )


def _bucket(count: int, least: int) -> int:
    """The least power-of-two multiple of `least` that holds `count`."""
    while least < count:
        least *= 2
    return least
