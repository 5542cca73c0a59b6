"""Tokenizers in tokenizer.json: read one, or build a small one from texts.

The adapter has the five methods that Tunix asks for. Control tokens (<pad>,
<bos>, <eos>, <unk>) are never read from text: a trace that contains "<eos>" is
data. We add them by number, where they belong.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from tunix_rt.kit.errors import BadInput, MissingExtra
from tunix_rt.registry.loading.reading import read_text

CONTROL = ("<pad>", "<bos>", "<eos>", "<unk>")
"""Ids 0 to 3 of every tokenizer we build."""

TAGS = ("<think>", "</think>", "<answer>", "</answer>")
"""One token each in every tokenizer we build; unlike CONTROL, they are text."""

_ANY_TAG = re.compile("|".join(TAGS))
"""Taken out before the merges are counted: inside a text a tag is already one token."""

BYTES_FROM = 512
"""From this vocabulary on there is room for all 256 bytes and for merges."""

LARGEST_JSON = 256 * 1024 * 1024


class TextTokenizer:
    """A tokenizer.json with its special ids; encode adds none of them by itself."""

    def __init__(self, inner: Any, *, bos: int | None, eos: int, pad: int) -> None:
        self.inner = inner
        self._bos, self._eos, self._pad = bos, eos, pad

    def encode(self, text: str, **_: object) -> list[int]:
        """Ids of `text`, without begin or end of text.

        A text that spells a control token is read with all special tokens off, so
        that it cannot end or pad a sequence.
        """
        hostile = any(word in text for word in self._control_words)
        inner = self.literal if hostile else self.inner
        return list(inner.encode(text, add_special_tokens=False).ids)

    def encode_many(self, texts: Sequence[str]) -> list[list[int]]:
        """The same for many texts, with one crossing into Rust."""
        hostile = [any(word in text for word in self._control_words) for text in texts]
        found = self.inner.encode_batch_fast(list(texts), add_special_tokens=False)
        return [
            self.encode(text) if bad else list(encoded.ids)
            for text, bad, encoded in zip(texts, hostile, found, strict=True)
        ]

    @cached_property
    def literal(self) -> Any:
        """The same tokenizer with all special tokens off: whatever it reads is text."""
        twin = _library().Tokenizer.from_str(self.inner.to_str())
        twin.encode_special_tokens = True
        return twin

    @cached_property
    def special_ids(self) -> frozenset[int]:
        """Every special token; `<think>` and the like may be tokens too, and are text."""
        added = self.inner.get_added_tokens_decoder().items()
        return frozenset(int(i) for i, token in added if token.special)

    @property
    def control_texts(self) -> tuple[str, str]:
        """How begin and end of text are written; the first is empty where a model has none."""
        bos = "" if self._bos is None else str(self.inner.id_to_token(self._bos))
        return bos, str(self.inner.id_to_token(self._eos))

    def decode(self, ids: Iterable[int], **_: object) -> str:
        """Text of `ids`; control tokens and ids the tokenizer does not know are left out."""
        known = self.size
        kept = [int(i) for i in ids if 0 <= int(i) < known and int(i) not in self._control_ids]
        return str(self.inner.decode(kept, skip_special_tokens=False))

    def bos_id(self) -> int | None:
        """Id of begin of text; `None` where a model has none (Qwen)."""
        return self._bos

    def eos_id(self) -> int:
        """Id of end of text."""
        return self._eos

    def pad_id(self) -> int:
        """Id of padding."""
        return self._pad

    @cached_property
    def size(self) -> int:
        """Number of tokens, added ones included."""
        return int(self.inner.get_vocab_size(with_added_tokens=True))

    @property
    def plain_size(self) -> int:
        """Number of tokens without the added ones."""
        return int(self.inner.get_vocab_size(with_added_tokens=False))

    @cached_property
    def _control_ids(self) -> frozenset[int]:
        return frozenset(i for i in (self._bos, self._eos, self._pad) if i is not None)

    @cached_property
    def _control_words(self) -> tuple[str, ...]:
        words = (self.inner.id_to_token(i) for i in self._control_ids)
        return tuple(word for word in words if word)

    def sha256(self) -> str:
        """One number for the whole tokenizer."""
        return self._sha256

    @cached_property
    def _sha256(self) -> str:
        return hashlib.sha256(self.inner.to_str().encode()).hexdigest()

    def save(self, folder: Path) -> None:
        """Write tokenizer.json and tokenizer_config.json, as transformers reads them."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "tokenizer.json").write_text(self.inner.to_str(pretty=True), "utf-8")
        config = {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "add_bos_token": False,
            "clean_up_tokenization_spaces": False,
            "model_max_length": 1_000_000,
            "pad_token": self.inner.id_to_token(self._pad),
            "eos_token": self.inner.id_to_token(self._eos),
        }
        if self._bos is not None:
            config["bos_token"] = self.inner.id_to_token(self._bos)
        text = json.dumps(config, indent=2, sort_keys=True)
        (folder / "tokenizer_config.json").write_text(text + "\n", "utf-8")


def load_tokenizer(folder: Path) -> TextTokenizer:
    """The tokenizer of a model folder."""
    text = read_text(folder, "tokenizer.json", LARGEST_JSON)
    if text is None:
        raise BadInput(
            f"{folder.name!r} has no tokenizer: tokenizer.json is missing.",
            hint="Save the tokenizer of the model next to its weights.",
        )
    library = _library()
    try:
        inner = library.Tokenizer.from_str(text)
    except Exception as error:  # the Rust library raises bare Exceptions
        raise BadInput(f"tokenizer.json in {folder.name!r} cannot be read: {error}.") from None
    names = _special_names(folder)
    eos = _id(inner, names.get("eos_token"))
    if eos is None:
        raise BadInput(
            f"The tokenizer of {folder.name!r} names no end of text token.",
            hint='Set "eos_token" in tokenizer_config.json.',
        )
    pad = _id(inner, names.get("pad_token"))
    return TextTokenizer(
        inner, bos=_id(inner, names.get("bos_token")), eos=eos, pad=eos if pad is None else pad
    )


def check_ids(tokenizer: TextTokenizer, largest: int, vocab: int) -> None:
    """Refuse an id behind the model's vocabulary: JAX would read another row in silence.

    `largest` is the largest id in the texts. A tokenizer may well know more tokens than
    its model (Gemma 3 does), as long as no text has them.
    """
    known = (largest, tokenizer.pad_id(), tokenizer.eos_id(), tokenizer.bos_id() or 0)
    if (worst := max(known)) >= vocab:
        raise BadInput(
            f"The tokenizer gives the id {worst}, and the model knows {vocab} tokens only.",
            hint="The tokenizer.json next to these weights is probably another model's.",
        )


def build_tokenizer(texts: Iterable[str], vocab_size: int) -> TextTokenizer:
    """A small BPE tokenizer from `texts`; the same texts give the same tokenizer.

    Digits and signs stay single, so numbers are read digit by digit; only
    letters and spaces merge.
    """
    library = _library()
    from tokenizers import decoders, models, pre_tokenizers, trainers

    apart = [
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.Split(_regex(r"[^\p{L}\p{N}\s]"), behavior="isolated"),
    ]
    inner = library.Tokenizer(models.BPE(unk_token="<unk>"))  # noqa: S106
    if vocab_size >= BYTES_FROM:
        byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
        inner.pre_tokenizer = pre_tokenizers.Sequence([*apart, byte_level])
        inner.decoder = decoders.ByteLevel()
        alphabet = pre_tokenizers.ByteLevel.alphabet()
    else:
        words = pre_tokenizers.Split(_regex(r"\p{L}+"), behavior="isolated")
        inner.pre_tokenizer = pre_tokenizers.Sequence([*apart, words])
        inner.decoder = decoders.Fuse()
        alphabet = []
    special = [library.AddedToken(name, special=True, normalized=False) for name in CONTROL]
    tags = [library.AddedToken(name, special=False, normalized=False) for name in TAGS]
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        min_frequency=2,
        show_progress=False,
        special_tokens=[*special, *tags],
        initial_alphabet=alphabet,
    )
    pieces = (piece for text in texts for piece in _ANY_TAG.split(text))
    inner.train_from_iterator(pieces, trainer)
    if inner.get_vocab_size() > vocab_size:
        raise BadInput(
            f"The data has more characters than the vocabulary of {vocab_size} can hold.",
            hint=f"Set tokenizer.vocab_size to {BYTES_FROM} or more.",
        )
    return TextTokenizer(inner, bos=1, eos=2, pad=0)


def _special_names(folder: Path) -> dict[str, str]:
    """The names of the special tokens, from wherever this kind of checkpoint keeps them."""
    names: dict[str, str] = {}
    for file in ("special_tokens_map.json", "tokenizer_config.json"):
        text = read_text(folder, file, LARGEST_JSON)
        if text is None:
            continue
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            raise BadInput(f"{file} in {folder.name!r} is not JSON.") from None
        for key in ("bos_token", "eos_token", "pad_token"):
            value = content.get(key) if isinstance(content, dict) else None
            value = value.get("content") if isinstance(value, dict) else value
            if isinstance(value, str):
                names[key] = value
    return names


def _id(inner: Any, name: str | None) -> int | None:
    found = inner.token_to_id(name) if name else None
    return None if found is None else int(found)


def _regex(pattern: str) -> Any:
    return _library().Regex(pattern)


def _library() -> Any:
    try:
        import tokenizers
    except ImportError as error:
        raise MissingExtra(
            "Tokenizers are not installed.", hint="pip install 'tunix-rt[tunix]'"
        ) from error
    return tokenizers
