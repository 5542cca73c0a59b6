"""How much memory a training step takes, before anything is compiled; and what would fit.

weights      parameters, in the numbers of the recipe, twice: a step gives new ones while the old
             ones are there; with `bfloat16` once more in two bytes; with DPO once more, as the
             model it began with is asked too
gradients    trained parameters; twice with `accumulate`, a sum and the part that is added to it
optimizer    adamw two moments; muon one of each matrix, Adam's two of the rest; adafactor a number
             for each row and column of what is at least 128 both ways, one for each other weight
activations  lines of one part x columns x (layers x (ATTENDED x heads x columns + WIDE x width
             + HEAD x heads x head width + MLP x hidden) x bytes + LOGITS x vocabulary)
cache        with GRPO, keys and values while rollouts are asked for: rollouts x (longest prompt +
             new tokens) x layers x 2 x key heads x head width. They are gone when a step is taken,
             so that the larger of the two counts, and the reference model where beta asks for it

Tunix keeps every activation for the way back (it recomputes none), and so does the reckoning. The
five factors are fitted to what XLA asks for on a CPU: over twelve programs (0.2 to 8 million
parameters, rows of 64 to 1,024 tokens, LoRA, bfloat16, four parts) the sum is 0.84 to 1.24 of it.
Over four programs of GRPO (0.2 and 3.8 million) it is 0.84 to 1.16.

The torch backend holds the weights once, keeps no attention, and computes the vocabulary in tiles
of 4,096 tokens and 32,768 words: over nine such programs the sum is 0.79 to 1.24 of what torch
took at its height on a CPU, and 1.4 to 1.5 with LoRA. On a GPU nothing of it was measured.
"""

import math
from collections.abc import Iterator
from pathlib import Path

from tunix_rt.registry.loading.shape import Shape
from tunix_rt.train.schema import PAIRED, TAUGHT, Optimizer, Recipe
from tunix_rt.train.schema_dry import MemoryPlan
from tunix_rt.train.schema_grpo import Grpo

ATTENDED, WIDE, HEAD, MLP, LOGITS = 3, 12, 8, 5, 12

TOKENS, WORDS, TILES = 4096, 32_768, 5
"""Of TRL's tiles; and what is held of one at once."""

FACTORED = 128
"""Adafactor keeps rows and columns of what is at least so large both ways."""

SPARE = 0.9
"""How much of the room a plan may take."""

Size = tuple[int, ...]


def trained(recipe: Recipe, shape: Shape) -> list[Size]:
    """The sizes of what is trained: every tensor, or LoRA's two matrices beside each target."""
    tensors = shape.tensors()
    if not recipe.adapts:
        return list(tensors.values())
    wanted = recipe.lora.weights()
    found: list[Size] = []
    for name, size in tensors.items():
        if name.split(".")[-2] in wanted and len(size) == 2:
            found += [(size[1], recipe.lora.rank), (recipe.lora.rank, size[0])]
    return found


def trained_parameters(recipe: Recipe, shape: Shape) -> int:
    """How many numbers are trained."""
    return sum(map(math.prod, trained(recipe, shape)))


def memory(
    recipe: Recipe, shape: Shape, stored: int, largest: tuple[int, int], room: int | None
) -> MemoryPlan:
    """What one device holds; `stored` bytes a weight, `largest` lines and columns of a batch."""
    sizes, cuts = trained(recipe, shape), recipe.mesh.fsdp * recipe.mesh.tp
    moved = sum(map(math.prod, sizes))
    own = stored if recipe.precision == "stored" else 4
    everything, copies = shape.parameters(), 1 if _is_tiled(recipe) else 2
    if recipe.adapts:
        frozen = 4 if recipe.precision == "float32" else stored
        weights = (copies + _has_reference(recipe)) * everything * frozen + copies * moved * own
    else:
        weights = (copies + _has_reference(recipe)) * everything * own
    if recipe.precision == "bfloat16":
        weights += everything * 2
    plan = MemoryPlan(
        weights=weights // cuts,
        gradients=moved * own * (2 if recipe.accumulate > 1 else 1) // cuts,
        optimizer=sum(_moments(recipe.optimizer, sizes)) * own // cuts,
        activations=_activations(recipe, shape, stored, _lines(recipe, largest[0]), largest[1]),
        cache=0 if recipe.grpo is None else _cache(shape, largest) * _numbers(recipe, stored),
        total=0,
        compiled=None,
        room=room,
        fits=None,
        advice=None,
    )
    return judged(plan, recipe, largest[0])


def judged(plan: MemoryPlan, recipe: Recipe, lines: int) -> MemoryPlan:
    """The same plan with its sum, whether it fits, and what would."""
    fixed = plan.weights + plan.gradients + plan.optimizer
    asking = plan.weights + plan.optimizer + plan.cache
    total = max(fixed + plan.activations, asking)
    plan = plan.model_copy(update={"total": total})
    if plan.room is None:
        return plan
    needed, most = max(plan.compiled or total, asking), int(SPARE * plan.room)
    if needed <= most:
        return plan.model_copy(update={"fits": True, "advice": None})
    each = max(needed - fixed, 1) / _lines(recipe, lines)
    fitting = math.floor((most - fixed) / each)
    advice = _advice(recipe, lines, fitting)
    if recipe.grpo is not None and fitting > 0 and asking > most:
        advice = _fewer(recipe.grpo, (most - asking + plan.cache) / plan.cache)
    return plan.model_copy(update={"fits": False, "advice": advice})


def _advice(recipe: Recipe, lines: int, fitting: int) -> str:
    """What fits where `fitting` lines do at once."""
    unit, each = _unit(recipe)
    if fitting < each:
        shorter = "max_seq_length" if recipe.grpo is None else "grpo.max_new_tokens"
        lighter = 'method = "lora"' if recipe.method in TAUGHT else "adapters = true"
        smaller = "" if recipe.adapts else f", or {lighter}"
        return f"Not even one {unit} fits at once: a smaller {shorter} or model{smaller}."
    if recipe.method not in TAUGHT:
        parts = next(one for one in _divisors(lines // each) if lines <= one * fitting)
        return f"accumulate = {parts} would fit and teach the same."
    parts = -(-lines // (fitting * recipe.mesh.fsdp))
    found = f"accumulate = {parts} would fit and teach the same"
    if recipe.batching.layout == "padded" and recipe.batching.batch_tokens is None:
        found += f"; so would batch_size = {fitting * recipe.mesh.fsdp * recipe.accumulate}"
    return f"{found}."


def halved(recipe: Recipe) -> str:
    """What may fit where a step that was reckoned to fit did not."""
    grpo, parts = recipe.grpo, 2 * recipe.accumulate
    if recipe.method in TAUGHT:
        return f"accumulate = {parts} may fit, and teaches the same."
    number = recipe.batch_size if grpo is None else grpo.prompts * grpo.group
    more = [one for one in _divisors(number) if one > recipe.accumulate]
    found = [f"accumulate = {more[0]} may fit, and teaches the same"] if more else []
    if grpo is not None and grpo.prompts > 1:
        found.append(f"grpo.prompts = {grpo.prompts // 2} may fit")
    return f"{'; '.join(found) or 'Only shorter texts or a smaller model may fit'}."


def _fewer(grpo: Grpo, share: float) -> str:
    """How many prompts fit where a share of the rollouts does."""
    if (prompts := math.floor(grpo.prompts * share)) < 1:
        return "Not even one group fits at once: a smaller grpo.group, max_new_tokens or model."
    return f"grpo.prompts = {prompts} would fit."


def _unit(recipe: Recipe) -> tuple[str, int]:
    """What a batch is counted in, and the lines of one."""
    if recipe.grpo is not None:
        return "rollout", 1
    return ("pair", 2) if recipe.method in PAIRED else ("row", 1)


def _divisors(number: int) -> Iterator[int]:
    """Those of a number, the smallest first."""
    return (one for one in range(1, number + 1) if number % one == 0)


def _numbers(recipe: Recipe, stored: int) -> int:
    """Bytes of a number that is computed."""
    return {"stored": stored, "float32": 4, "bfloat16": 2}[recipe.precision]


def _lines(recipe: Recipe, lines: int) -> int:
    """Lines that one device computes at once."""
    return -(-lines // (recipe.accumulate * recipe.mesh.fsdp))


def _has_reference(recipe: Recipe) -> bool:
    """Whether the model that it began with is held beside the one that learns."""
    return recipe.method == "dpo" or (recipe.grpo is not None and recipe.grpo.beta > 0)


def _cache(shape: Shape, largest: tuple[int, int]) -> int:
    """Keys and values of so many rollouts of so many columns."""
    return math.prod(largest) * shape.layers * 2 * shape.kv_heads * shape.head_width


def _is_tiled(recipe: Recipe) -> bool:
    """Whether torch computes it, in place and in tiles, and not XLA."""
    return recipe.backend == "torch"


def _activations(recipe: Recipe, shape: Shape, stored: int, lines: int, columns: int) -> int:
    """Bytes for so many lines."""
    numbers, tokens = _numbers(recipe, stored), lines * columns
    each = (
        (0 if _is_tiled(recipe) else ATTENDED) * shape.heads * columns
        + WIDE * shape.width
        + HEAD * shape.heads * shape.head_width
        + MLP * shape.hidden
    )
    kept = tokens * shape.layers * each * numbers
    if _is_tiled(recipe):
        return kept + min(tokens, TOKENS) * TILES * min(shape.vocab, WORDS) * numbers
    return kept + tokens * LOGITS * shape.vocab


def _moments(optimizer: Optimizer, sizes: list[Size]) -> Iterator[int]:
    """How many numbers the optimizer keeps for each tensor."""
    for size in sizes:
        numbers = math.prod(size)
        if optimizer.name == "adamw":
            yield 2 * numbers
        elif optimizer.name == "muon":
            yield numbers if len(size) > 1 else 2 * numbers
        else:
            yield sum(size) if len(size) > 1 and min(size) >= FACTORED else numbers


def host_room() -> int | None:
    """Bytes that this machine can still give: what is available, and what the group may take."""
    found = [*_available(), *_group()]
    return min(found) if found else None


def _available() -> Iterator[int]:
    for line in _text(Path("/proc/meminfo")).splitlines():
        if line.startswith("MemAvailable:"):
            yield int(line.split()[1]) * 1024


def _group() -> Iterator[int]:
    group = Path("/sys/fs/cgroup")
    most, now = (_text(group / name).strip() for name in ("memory.max", "memory.current"))
    if most.isdecimal() and now.isdecimal():
        yield max(0, int(most) - int(now))


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except OSError:
        return ""
