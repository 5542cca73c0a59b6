"""The rounds of practising on Tunix's model: its examples, and what a model gives each token."""

from functools import partial
from typing import Any

from tunix_rt.registry.loading import jax as loading
from tunix_rt.train.backends.tunix import keeping
from tunix_rt.train.backends.tunix.numbering import computing
from tunix_rt.train.backends.tunix.placing import shared
from tunix_rt.train.backends.tunix.rollouts import Sampler
from tunix_rt.train.backends.tunix.starting import reference
from tunix_rt.train.course import rounds
from tunix_rt.train.course.rounds import Lines
from tunix_rt.train.schema import TrainJob


class Rounds(rounds.Rounds):
    """With Tunix's sampler; the model that practising began with is kept where beta asks for it."""

    def __init__(self, job: TrainJob, loaded: loading.Loaded) -> None:
        self._precision, self._parts = job.recipe.precision, job.recipe.accumulate
        super().__init__(job, loaded, partial(Sampler, recipe=job.recipe))
        self._reference = reference(job) if self.options.beta else None

    def wait(self) -> None:
        """Wait until the newest weights are there."""
        import jax
        from flax import nnx

        jax.block_until_ready(jax.tree.leaves(nnx.state(self.loaded.model)))

    def is_finite(self) -> bool:
        """Whether every weight that is trained is a finite number."""
        return keeping.is_finite(self.loaded.model)

    def example(self, lines: Lines) -> Any:
        """What Tunix's loss reads."""
        from tunix.rl import common

        prompts, tokens = lines.prompts, lines.tokens
        return common.TrainExample(
            prompt_ids=prompts,
            prompt_mask=lines.given,
            completion_ids=tokens,
            completion_mask=lines.learned,
            advantages=lines.advantages,
            ref_per_token_logps=self._logps(self._reference, prompts, tokens),
            old_per_token_logps=self._logps(
                computing(self.loaded.model, self._precision)
                if self.options.iterations > 1
                else None,
                prompts,
                tokens,
            ),
        )

    def _logps(self, model: Any, prompts: Any, tokens: Any) -> Any:
        """What a model gives each token of the answers; null without a model."""
        if model is None:
            return None
        import jax.numpy as jnp
        import numpy as np
        from flax import nnx
        from tunix.rl import common

        tokenizer = self.loaded.tokenizer
        definition, state = nnx.split(model)
        with loading.quiet():
            found = [
                common.compute_per_token_logps(
                    definition,
                    state,
                    *shared(part),
                    pad_id=tokenizer.pad_id(),
                    eos_id=tokenizer.eos_id(),
                    temperature=self.options.temperature,
                )
                for part in zip(
                    np.split(prompts, self._parts), np.split(tokens, self._parts), strict=True
                )
            ]
            return jnp.concatenate(found)
