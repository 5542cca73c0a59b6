"""The chat template of a tokenizer's folder: a stranger's program, run in a process apart.

It is found where transformers finds it: chat_template.jinja, else in tokenizer_config.json. It
runs in Jinja's sandbox, in a process that is bounded in time and memory, and can act on nothing.
"""

import atexit
import json
from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tunix_rt.kit.apart import Apart, Broke
from tunix_rt.kit.errors import BadInput, MissingExtra
from tunix_rt.registry.loading.reading import read_text
from tunix_rt.registry.loading.tokenizer import TextTokenizer

LARGEST_TEMPLATE = 1_048_576
SECONDS = 2.0
"""How long a template may take for the conversations of one call."""

AT_ONCE = 64
"""Conversations of one call."""

DAY = "2024-07-26"
"""What `strftime_now` tells: a text that changes from day to day could not be frozen. It is the day
that Llama's templates fall back on."""

_writer = Apart("tunix_rt.registry.loading.chatting:write", seconds=SECONDS)
atexit.register(_writer.close)

Message = dict[str, str]

_Key = tuple[tuple[tuple[str, str], ...], ...]


class ChatTemplate:
    """The template of one folder; called with messages it writes the conversation.

    Begin and end of text are left out of what it writes: who encodes adds them by number.
    """

    def __init__(self, name: str, source: str, tokens: dict[str, str]) -> None:
        self.name = name
        self.tokens = tokens
        """`bos_token`, `eos_token` and the like, as the template knows them."""

        self._source = source
        self._ready: dict[_Key, dict[str, str]] = {}

    def __call__(self, messages: Sequence[Message]) -> tuple[str, str]:
        """The text up to where the model speaks, and all of it; the last message is the model's."""
        asked, whole = self._write(messages)
        if not whole.startswith(asked):
            raise BadInput(
                f"The chat template of {self.name!r} asks in other words than it remembers: what "
                "the model is asked is not how the conversation begins.",
                hint="Its thinking mode may do that. Choose another template.",
            )
        asked, whole = self._begun(asked), self._begun(whole)
        said, eos = whole[len(asked) :].rstrip(), self.tokens.get("eos_token", "")
        return asked, asked + (said.removesuffix(eos) if eos else said)

    def ahead(self, conversations: Sequence[Sequence[Message]]) -> None:
        """Write the conversations that are asked for next, many in one call."""
        self._ready.clear()
        for start in range(0, len(conversations), AT_ONCE):
            some = [list(one) for one in conversations[start : start + AT_ONCE]]
            try:
                found = _writer(self._source, some, self.tokens, DAY)
            except Broke:  # each alone says which it was
                return
            self._ready |= {_key(one): said for one, said in zip(some, found, strict=True)}

    def asked(self, prompt: str, system: str | None = None) -> str:
        """What a model is asked, without begin of text."""
        before = [{"role": "system", "content": system}] if system is not None else []
        asks = {"role": "user", "content": prompt}
        return self._begun(self._write([*before, asks, {"role": "assistant", "content": "."}])[0])

    @cached_property
    def thinks_apart(self) -> bool:
        """Whether it takes the reasoning as `reasoning_content`, as templates of thinkers do."""
        mark = "7Q0reasoning0Q7"
        probe = [
            {"role": "user", "content": "a"},
            {"role": "assistant", "content": "b", "reasoning_content": mark},
        ]
        return mark in self._write(probe)[1]

    def _begun(self, text: str) -> str:
        return text.removeprefix(self.tokens.get("bos_token", ""))

    def _write(self, messages: Sequence[Message]) -> tuple[str, str]:
        found = self._ready.get(_key(messages))
        try:
            if found is None:
                [found] = _writer(self._source, [list(messages)], self.tokens, DAY)
        except Broke as broke:
            raise BadInput(f"The chat template of {self.name!r} failed: {broke}.") from None
        assert found is not None
        if "error" in found:
            raise BadInput(f"The chat template of {self.name!r} refuses: {found['error']}.")
        return found["asked"], found["whole"]


def asked_ids(
    tokenizer: TextTokenizer, chat: ChatTemplate, prompt: str, system: str | None
) -> list[int]:
    """What a model is asked, without begin of text; a prompt that spells special tokens is text."""
    text = chat.asked(prompt, system)
    whole = list(tokenizer.inner.encode(text, add_special_tokens=False).ids)
    before, own, behind = text.rpartition(prompt.strip())
    plain = tokenizer.inner.encode(own, add_special_tokens=False).ids
    if tokenizer.special_ids.isdisjoint(plain):
        return whole
    parts = ((tokenizer.inner, before), (tokenizer.literal, own), (tokenizer.inner, behind))
    return [i for inner, some in parts for i in inner.encode(some, add_special_tokens=False).ids]


def _key(messages: Sequence[Message]) -> _Key:
    return tuple(tuple(one.items()) for one in messages)


def load_chat_template(folder: Path) -> ChatTemplate:
    """The chat template that lies with a tokenizer, or one sentence why there is none."""
    if find_spec("jinja2") is None:
        raise MissingExtra("Jinja is not installed.", hint="pip install 'tunix-rt[tunix]'")
    config = _config(folder)
    source = read_text(folder, "chat_template.jinja", LARGEST_TEMPLATE)
    source = _named(config.get("chat_template")) if source is None else source
    if source is None:
        raise BadInput(
            f"The tokenizer in {folder.name!r} has no chat template.",
            hint="Put a chat_template.jinja next to it, or choose another template.",
        )
    if len(source) > LARGEST_TEMPLATE:
        raise BadInput(f"The chat template of {folder.name!r} is larger than any template.")
    return ChatTemplate(folder.name, source, _tokens(config))


def _config(folder: Path) -> dict[str, Any]:
    """tokenizer_config.json over special_tokens_map.json."""
    found: dict[str, Any] = {}
    for name in ("special_tokens_map.json", "tokenizer_config.json"):
        text = read_text(folder, name, 64 * LARGEST_TEMPLATE)
        if text is None:
            continue
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            raise BadInput(f"{name} in {folder.name!r} is not JSON.") from None
        found |= content if isinstance(content, dict) else {}
    return found


def _named(told: Any) -> str | None:
    """A template, or the default one of several."""
    if isinstance(told, list):
        named = {one.get("name"): one.get("template") for one in told if isinstance(one, dict)}
        told = named.get("default")
    return told if isinstance(told, str) else None


def _tokens(config: dict[str, Any]) -> dict[str, str]:
    found = {}
    for key, value in config.items():
        text = value.get("content") if isinstance(value, dict) else value
        if key.endswith("_token") and isinstance(text, str):
            found[key] = text
    return found
