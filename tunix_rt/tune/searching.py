"""Which values to try next: Optuna's sampler, asked anew each time.

A suggestion depends on the space, the seed, the trial's number and what is known of the
trials before, all of which is in the database. So a driver that was killed goes on as if
nothing had been, and nothing of Optuna's is stored.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

from tunix_rt.kit.errors import MissingExtra
from tunix_rt.tune.schema import Choice, Dimension, LogUniform, Params, RandInt, Space

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.trial import FrozenTrial


@dataclass(frozen=True)
class Tried:
    """What is known of a trial: its value once it has one; none when it failed or is open."""

    params: Params
    value: float | None
    open: bool


def require() -> None:
    """Refuse when Optuna is not installed; it is not loaded to find out."""
    if find_spec("optuna") is None:
        raise MissingExtra("Optuna is not installed.", hint="pip install 'tunix-rt[tune]'")


def suggest(
    space: Space, tried: Sequence[Tried], *, mode: Literal["max", "min"], seed: int
) -> Params:
    """Values for the trial that comes after those `tried`."""
    require()
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    own = random.Random(f"{seed}:{len(tried)}").getrandbits(32)
    study = optuna.create_study(
        direction="maximize" if mode == "max" else "minimize",
        sampler=optuna.samplers.TPESampler(seed=own),
    )
    distributions = {name: _distribution(space[name]) for name in sorted(space)}
    study.add_trials([_told(one, distributions) for one in tried])
    return dict(study.ask(distributions).params)


def _told(tried: Tried, distributions: "dict[str, BaseDistribution]") -> "FrozenTrial":
    from optuna.trial import TrialState, create_trial

    ended = TrialState.FAIL if tried.value is None else TrialState.COMPLETE
    return create_trial(
        state=TrialState.RUNNING if tried.open else ended,
        value=tried.value,
        params=tried.params,
        distributions=distributions,
    )


def _distribution(dimension: Dimension) -> "BaseDistribution":
    from optuna.distributions import (
        CategoricalDistribution,
        FloatDistribution,
        IntDistribution,
    )

    if isinstance(dimension, Choice):
        return CategoricalDistribution(dimension.values)
    if isinstance(dimension, RandInt):
        return IntDistribution(dimension.min, dimension.max)
    return FloatDistribution(dimension.min, dimension.max, log=isinstance(dimension, LogUniform))
