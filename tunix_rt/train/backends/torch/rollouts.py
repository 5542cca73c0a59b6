"""Answers by transformers' models: one loop over the keys and values of what was said before.

Prompts that are asked several times are read once, and an answer that ended is no longer computed.
`generate` of transformers would keep it to the last one's end, and returns scores of every word.
"""

from collections.abc import Sequence
from typing import Any

from tunix_rt.registry.loading.jax import Loaded
from tunix_rt.train.course import sampling
from tunix_rt.train.course.sampling import Chance, NoProbabilities
from tunix_rt.train.schema_grpo import Grpo
from tunix_rt.train.schema_machine import Precision


class Sampler(sampling.Sampler):
    """Asks the model itself, where it is."""

    def __init__(self, loaded: Loaded, options: Grpo, width: int, precision: Precision) -> None:
        super().__init__(loaded, options, width)
        self._model, self._low = loaded.model, precision == "bfloat16"

    def refresh(self, model: Any) -> None:
        """Answer with the weights that `model` has now."""
        self._model = model.to(self._model.device)

    def fill(self, asked: Sequence[list[int]], chance: Chance | None) -> tuple[Any, Any]:
        """Tokens and log-probabilities of what follows the prompts (prompts x new)."""
        import torch

        self._model.eval()
        device = self._model.device
        with (
            torch.no_grad(),
            torch.autocast(device.type, torch.bfloat16, enabled=self._low),
        ):
            tokens, logps = self._filled(asked, _generator(chance, device))
        return tokens.numpy(), logps.numpy()

    def _filled(self, asked: Sequence[list[int]], random: Any) -> tuple[Any, Any]:
        import torch

        device, new, end = self._model.device, self.options.max_new_tokens, self.tokenizer.eos_id()
        tokens = torch.full((len(asked), new), self.tokenizer.pad_id())
        logps = torch.zeros(tokens.shape)
        logits, told = self._read(asked)
        going = torch.arange(len(asked), device=device)
        for column in range(new):
            self.check()
            chosen, logp = self._choose(logits, random)
            tokens[going.cpu(), column], logps[going.cpu(), column] = chosen.cpu(), logp.cpu()
            on = (chosen != end).nonzero()[:, 0]
            if column + 1 == new or not len(on):
                break
            if len(on) < len(going):
                going, chosen = going[on], chosen[on]
                told.keep(on)
            logits = told.say(self._model, chosen)
        return tokens, logps

    def _read(self, asked: Sequence[list[int]]) -> tuple[Any, "_Told"]:
        """The logits behind each prompt, and what the model remembers of them."""
        import torch
        from transformers import DynamicCache

        device, places = self._model.device, dict[tuple[int, ...], int]()
        rows = [places.setdefault(tuple(ids), len(places)) for ids in asked]
        once = [list(ids) for ids in places]
        prompts = torch.from_numpy(self.prompts(once)).long().to(device)
        lengths = torch.tensor([len(ids) for ids in once], device=device)
        mask = torch.arange(-self.width, 0, device=device) >= -lengths[:, None]
        cache = DynamicCache(config=self._model.config)
        logits = self._model(
            input_ids=prompts,
            attention_mask=mask.long(),
            position_ids=(mask.cumsum(1) - 1).clamp(min=0),
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
        ).logits[:, -1]
        if not bool(logits.isfinite().all()):
            raise NoProbabilities
        told = _Told(cache, mask.long(), lengths)
        told.keep(torch.tensor(rows, device=device))
        return logits[rows], told

    def _choose(self, logits: Any, random: Any) -> tuple[Any, Any]:
        """A token of each line, and its log-probability; without `random` the likeliest."""
        import torch

        scores = logits.float()
        if random is not None:
            scores = scores / self.options.temperature
        every = torch.log_softmax(scores, dim=-1)
        if random is None:
            chosen = scores.argmax(dim=-1)
        else:
            likely = _nucleus(every.exp(), self.options.top_p)
            chosen = torch.multinomial(likely, 1, generator=random)[:, 0]
        return chosen, every.gather(1, chosen[:, None])[:, 0]


class _Told:
    """What a model was told so far, a line for each answer that has not ended."""

    def __init__(self, cache: Any, mask: Any, lengths: Any) -> None:
        self._cache, self._mask, self._lengths = cache, mask, lengths

    def keep(self, lines: Any) -> None:
        """Forget the other lines."""
        self._cache.batch_select_indices(lines)
        self._mask, self._lengths = self._mask[lines], self._lengths[lines]

    def say(self, model: Any, tokens: Any) -> Any:
        """Tell one token more a line; the logits behind it."""
        import torch

        self._mask = torch.cat([self._mask, torch.ones_like(self._mask[:, :1])], dim=1)
        logits = model(
            input_ids=tokens[:, None],
            attention_mask=self._mask,
            position_ids=self._lengths[:, None],
            past_key_values=self._cache,
            use_cache=True,
        ).logits[:, -1]
        self._lengths = self._lengths + 1
        return logits


def _nucleus(probabilities: Any, share: float) -> Any:
    """Without what is less likely than the tokens that make up a share; not normed again."""
    if share >= 1:
        return probabilities
    sorted_, order = probabilities.sort(dim=-1, descending=True)
    left_out = sorted_.cumsum(dim=-1) - sorted_ > share
    return probabilities.scatter(1, order, sorted_.masked_fill(left_out, 0.0))


def _generator(chance: Chance | None, device: Any) -> Any:
    """Random numbers that a chance alone decides."""
    if chance is None:
        return None
    import numpy as np
    import torch

    (seed,) = np.random.SeedSequence(chance).generate_state(1, np.uint64)
    return torch.Generator(device).manual_seed(int(seed))
