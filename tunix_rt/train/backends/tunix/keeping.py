"""Which states of a training stay on disk: by steps, by minutes, within a quota; and the best."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing as closed
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

from tunix_rt.registry.loading import jax as loading
from tunix_rt.train.course import holding
from tunix_rt.train.course.fitting import fitting
from tunix_rt.train.course.telling import SPOILED, NotFinite, named, no_model
from tunix_rt.train.schema import Recipe
from tunix_rt.train.schema_keeping import Checkpoints


def trainer_config(
    recipe: Recipe, model: Any, optimizer: Any, *, steps: int, folder: Path | None
) -> Any:
    """What a PeftTrainer is told of its length, and of the checkpoints below `folder`."""
    from tunix.sft.peft_trainer import TrainingConfig

    return TrainingConfig(
        eval_every_n_steps=steps + 1,
        max_steps=steps,
        checkpoint_root_directory=None if folder is None else str(folder.resolve()),
        checkpointing_options=options(
            recipe.checkpoints,
            partial(size_of, model, optimizer),
            together=1 if recipe.grpo is None else recipe.grpo.iterations,
        ),
    )


@contextmanager
def closing(trainer: Any, folder: Path, taken_on: Callable[[int], str]) -> Iterator[None]:
    """While a trainer works; ended early, what it keeps is whole, and of sound weights.

    `taken_on` says what a step, from 0, is taken on.
    """
    try:
        if done := int(trainer.train_steps):
            check_weights(trainer.model, done)
        yield
    except NotFinite as spoiled:
        trainer.checkpoint_manager.close()
        raise named(folder, taken_on(spoiled.step - 1), spoiled) from None
    except BaseException:
        trainer.checkpoint_manager.close()  # a save may be under way in its own thread
        raise


def before_saves(keeper: Any, ready: Callable[[int], object]) -> None:
    """Have a checkpoint manager call `ready(step)` before it saves, and only then.

    Nothing is saved before the first step.
    """
    keep = keeper.save

    def save(step: int, *given: Any, force: bool = False, **named: Any) -> bool:
        manager = keeper._checkpoint_manager
        if manager is None or not step or not (force or manager.should_save(step)):
            return False
        ready(step)
        return bool(keep(step, *given, force=force, **named))

    keeper.save = save


def check_weights(model: Any, step: int) -> None:
    """Refuse weights that a step left and that are no finite numbers."""
    if not is_finite(model):
        raise NotFinite(step, SPOILED)


def is_finite(model: Any) -> bool:
    """Whether every weight of a model that is trained, or else every one, is a finite number."""
    import jax
    from flax import nnx

    kind = nnx.LoRAParam if has_lora(model) else nnx.Param
    return bool(_finite()(jax.tree.leaves(nnx.state(model, kind))))


@cache
def _finite() -> Any:
    import jax
    import jax.numpy as jnp

    def finite(arrays: list[Any]) -> Any:
        return jnp.stack([jnp.isfinite(one).all() for one in arrays]).all()

    return jax.jit(finite)


def export(loaded: loading.Loaded, folder: Path, stored: Mapping[str, Any]) -> str:
    """Write a model folder if every weight is a finite number in it; SHA-256 of its weights.

    They are written in the numbers that `stored` has by their path, or else in those they have.
    """
    arrays = {
        path: array.astype(stored.get(path, array.dtype))
        for path, array in loading.parameters(loaded.model)
    }
    if not _finite()(list(arrays.values())):
        raise no_model()
    return loading.export_tensors(loaded, arrays.items(), folder)


def options(kept: Checkpoints, size: Callable[[], int], *, together: int = 1) -> Any:
    """What Orbax is told of checkpoints, each of which takes `size` bytes.

    Of `together` steps that are one round, none is kept but the last.
    """
    import orbax.checkpoint as ocp

    policies = ocp.checkpoint_managers
    deciding: Any = policies.FixedIntervalPolicy(kept.every)
    if kept.minutes is not None:
        deciding = policies.AnySavePolicy([deciding, _minutes(kept.minutes, together)])
    return ocp.CheckpointManagerOptions(
        save_decision_policy=deciding,
        max_to_keep=fitting(kept, size),
        cleanup_tmp_directories=True,
    )


def _minutes(minutes: float, together: int) -> Any:
    from orbax.checkpoint.checkpoint_managers import SaveDecisionPolicy

    class Minutes(SaveDecisionPolicy):  # type: ignore[misc]
        """Asked twice about one step it says the same."""

        def __init__(self) -> None:
            self._due, self._chosen = time.monotonic() + 60 * minutes, 0

        def should_save(self, step: Any, previous_steps: Any, *, context: Any) -> bool:
            if step.step != self._chosen:
                if time.monotonic() < self._due or step.step % together:
                    return False
                self._due, self._chosen = time.monotonic() + 60 * minutes, step.step
            return True

    return Minutes()


def size_of(model: Any, optimizer: Any) -> int:
    """Bytes of one checkpoint: what is trained or else all of the model, and the optimizer's."""
    import jax
    from flax import nnx

    trained = nnx.state(model, nnx.LoRAParam if has_lora(model) else nnx.Param)
    kept = trained if has_lora(model) else nnx.state(model)
    moments = jax.eval_shape(optimizer.init, nnx.pure(trained))
    return _bytes((kept, moments))


def bytes_of(model: Any) -> int:
    """Bytes of every weight of a model."""
    from flax import nnx

    return _bytes(nnx.state(model))


def _bytes(arrays: Any) -> int:
    import jax

    return sum(one.size * one.dtype.itemsize for one in jax.tree.leaves(arrays))


def read_into(model: Any, place: Path, step: int) -> None:
    """Put the weights of a checkpoint below `place` into a model; nothing there is changed."""
    import orbax.checkpoint as ocp
    from tunix.sft.checkpoint_manager import CheckpointManager

    told = ocp.CheckpointManagerOptions(create=False)  # it is never asked to save
    manager = CheckpointManager(str(place.resolve()), told)
    manager.maybe_restore(model, step=step, restore_only_lora_params=has_lora(model))
    manager.close()


class Best(holding.Best):
    """As Orbax writes them."""

    def write(self, step: int, model: Any) -> None:
        """Write the weights of a step."""
        with closed(self._manager()) as manager:
            manager.save(step, model, save_only_lora_params=has_lora(model), force=True)

    def restore(self, model: Any) -> None:
        """Put the best weights back into the model."""
        with closed(self._manager()) as manager:
            manager.maybe_restore(model, step=self.step, restore_only_lora_params=has_lora(model))

    def _manager(self) -> Any:
        import orbax.checkpoint as ocp
        from tunix.sft.checkpoint_manager import CheckpointManager

        told = ocp.CheckpointManagerOptions(cleanup_tmp_directories=True)
        return CheckpointManager(str(self.folder.resolve()), told)


def has_lora(model: Any) -> bool:
    """Whether small matrices are trained beside the weights of a model."""
    from tunix.sft.utils import is_lora_enabled

    return bool(is_lora_enabled(model))
