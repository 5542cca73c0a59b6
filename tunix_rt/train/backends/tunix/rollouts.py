"""Answers of a model to many prompts at once: tokens, log-probabilities, and where they end.

Tunix's sampler returns answers without their end of text and without its probability, so that no
learner could ever teach a model to stop. The buffers it fills have both; they are read here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading import jax as loading
from tunix_rt.registry.loading.tokenizer import TextTokenizer, check_ids
from tunix_rt.rendering.tokenizing import encode
from tunix_rt.rendering.widths import width_of
from tunix_rt.train.schema_grpo import Grpo, Problem

AT_ONCE = 512
"""Prompts that are encoded with one crossing into Rust."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """What the model chose after one prompt, the end of text among it if it came."""

    ids: list[int]
    logps: list[float]
    ended: bool


class Asked:
    """The prompts of problems as tokens, found again by their text."""

    def __init__(
        self, problems: Sequence[Problem], loaded: loading.Loaded, new: int, most: int
    ) -> None:
        self.width = 8
        self._ids: dict[str, list[int]] = {}
        for start in range(0, len(problems), AT_ONCE):
            some = problems[start : start + AT_ONCE]
            rows = encode([one.asked for one in some], loaded.tokenizer)
            for problem, row in zip(some, rows, strict=True):
                self._ids[problem.asked.prompt] = row.ids[: row.given]
        longest = max(map(len, self._ids.values()))
        limit = min(most, loaded.shape.context) - new
        if longest > limit:
            raise BadInput(
                f"A prompt has {longest} tokens; {limit} fit beside {new} new ones.",
                hint="Raise max_seq_length, or lower grpo.max_new_tokens.",
            )
        check_ids(loaded.tokenizer, max(map(max, self._ids.values())), loaded.shape.vocab)
        self.width = width_of(longest)

    def __call__(self, problem: Problem) -> list[int]:
        """The tokens the model is asked with."""
        return self._ids[problem.asked.prompt]


class Sampler:
    """One compiled way to ask: so many rows of one width, greedy or by chance."""

    def __init__(self, loaded: loading.Loaded, options: Grpo, width: int) -> None:
        self.rows = options.prompts * options.group
        self.width, self._options = width, options
        self._tokenizer = loaded.tokenizer
        with loading.quiet():
            self._inner = _tunix_sampler(loaded, width + options.max_new_tokens)

    def refresh(self, model: Any) -> None:
        """Answer with the weights that `model` has now."""
        from flax import nnx

        self._inner.transformer_state = nnx.variables(model)

    def prompts(self, asked: Sequence[list[int]]) -> Any:
        """Prompts as one array, padded on the left (int32, rows x width)."""
        import numpy as np

        padded: Any = np.full((len(asked), self.width), self._tokenizer.pad_id(), np.int32)
        for line, ids in enumerate(asked):
            padded[line, self.width - len(ids) :] = ids
        return padded

    def sample(self, asked: Sequence[list[int]], key: Any = None) -> list[Sampled]:
        """One answer per prompt; without a random `key` the greedy ones.

        The last batch is filled up, for another size would be compiled anew.
        """
        found: list[Sampled] = []
        for number, start in enumerate(range(0, len(asked), self.rows)):
            some = asked[start : start + self.rows]
            full = [*some, *[some[0]] * (self.rows - len(some))]
            with loading.quiet():
                found += self._ask(full, key, number)[: len(some)]
        return found

    def _ask(self, asked: list[list[int]], key: Any, number: int) -> list[Sampled]:
        import jax
        import numpy as np

        greedy, options = key is None, self._options
        tokens, logps = self._inner.fill(
            self.prompts(asked),
            new=options.max_new_tokens,
            seed=jax.random.PRNGKey(0) if greedy else jax.random.fold_in(key, number),
            temperature=0.0 if greedy else options.temperature,
            top_p=None if greedy else options.top_p,
        )
        stops = tokens == self._tokenizer.eos_id()
        ended = stops.any(axis=1)
        lengths = np.where(ended, stops.argmax(axis=1) + 1, tokens.shape[1])
        return [
            Sampled(row[:length].tolist(), own[:length].tolist(), bool(end))
            for row, own, length, end in zip(tokens, logps, lengths, ended, strict=True)
        ]


def text_of(tokenizer: TextTokenizer, sampled: Sampled) -> str:
    """What the model wrote, without its end of text."""
    return tokenizer.decode(sampled.ids[:-1] if sampled.ended else sampled.ids)


def _tunix_sampler(loaded: loading.Loaded, cache: int) -> Any:
    import jax.numpy as jnp
    import numpy as np
    from tunix.generate import sampler

    class Filling(sampler.Sampler):  # type: ignore[misc]
        """Tunix's sampler, whose buffers are returned as they are."""

        def fill(
            self, prompts: Any, *, new: int, seed: Any, temperature: float, top_p: float | None
        ) -> tuple[Any, Any]:
            """Tokens and log-probabilities of what follows the prompts (rows x new)."""
            width = prompts.shape[1]
            self.eos_ids = jnp.array([self.tokenizer.eos_id()])
            state = self.init_sample_state(
                jnp.array(prompts),
                total_sampling_steps=width + new,
                include_logits=False,
                forbidden_token_ids=None,
                temperature=temperature,
                top_p=top_p,
                top_k=None,
                seed=seed,
                beam_size=None,
                include_logprobs=True,
            )
            weights = self._flattened_transformer_state
            state = self._compiled_prefill_fn(weights, state, None, echo=False)
            state = self._compiled_decode_fn(weights, state)
            return np.asarray(state.token_buffer)[:, width:], np.asarray(state.logprobs_buffer)[
                :, width:
            ]

    shape = loaded.shape
    return Filling(
        loaded.model,
        loaded.tokenizer,
        sampler.CacheConfig(
            cache_size=cache,
            num_layers=shape.layers,
            num_kv_heads=shape.kv_heads,
            head_dim=shape.head_width,
        ),
    )
