"""Answers by Tunix's sampler, with their end of text.

Tunix's sampler returns answers without their end of text and without its probability, so that no
learner could ever teach a model to stop. The buffers it fills have both; they are read here.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tunix_rt.registry.loading import jax as loading
from tunix_rt.train.backends.tunix import adapting
from tunix_rt.train.backends.tunix.numbering import computing
from tunix_rt.train.backends.tunix.placing import shared
from tunix_rt.train.course import sampling
from tunix_rt.train.course.sampling import Chance
from tunix_rt.train.schema import Recipe
from tunix_rt.train.schema_grpo import Grpo

BY_ROW = ("token_buffer", "positions", "cache", "done", "logprobs_buffer")
"""What Tunix's sampler keeps of each answer."""


class Sampler(sampling.Sampler):
    """Compiled once, for one number of rows; what LoRA learned is added to the weights it asks."""

    def __init__(self, loaded: loading.Loaded, options: Grpo, width: int, recipe: Recipe) -> None:
        super().__init__(loaded, options, width)
        self._lora = recipe.lora
        with loading.quiet():
            whole = adapting.merged(loaded.model, self._lora)
            own = replace(loaded, model=computing(whole, recipe.precision))
            self._inner = _tunix_sampler(own, width + options.max_new_tokens)

    def refresh(self, model: Any) -> None:
        """Answer with the weights that `model` has now, as and where those before were kept."""
        import jax
        from flax import nnx

        def like(new: Any, old: Any) -> Any:
            new = new.astype(old.dtype)
            return new if new.sharding == old.sharding else jax.device_put(new, old.sharding)

        self._inner.transformer_state = jax.tree.map(
            like,
            nnx.variables(adapting.merged(model, self._lora)),
            self._inner.transformer_state,
        )

    def fill(self, asked: Sequence[list[int]], chance: Chance | None) -> tuple[Any, Any]:
        """The batch is filled up to all rows, for another size would be compiled anew."""
        options, greedy = self.options, chance is None
        full = [*asked, *[asked[0]] * (self.rows - len(asked))]
        with loading.quiet():
            tokens, logps = self._inner.fill(
                self.prompts(full),
                new=options.max_new_tokens,
                seed=_key((0,) if chance is None else chance),
                temperature=0.0 if greedy else options.temperature,
                top_p=None if greedy else options.top_p,
            )
        return tokens[: len(asked)], logps[: len(asked)]


def _key(chance: Chance) -> Any:
    """JAX's random key of a chance."""
    import jax

    seed, *folded = chance
    key = jax.random.PRNGKey(seed)
    for number in folded:
        key = jax.random.fold_in(key, number)
    return key


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
            state = replace(state, **{name: shared(getattr(state, name)) for name in BY_ROW})
            weights = self._flattened_transformer_state
            state = self._compiled_prefill_fn(weights, state, None, echo=False)
            state = loading.computed(self._compiled_decode_fn(weights, state))
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
