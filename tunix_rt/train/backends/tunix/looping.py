"""Tunix's trainer with a step that costs no Python beside the computation.

The stock trainer takes the model apart and puts it together again around every step, which for a
small model is a twentieth of the time. Here the numbers stay apart, as a list of arrays, and the
model is put together when somebody looks at it: to save it, to evaluate it, in the end.
"""

from collections.abc import Callable
from typing import Any

from tunix_rt.train.backends.tunix.keeping import before_saves
from tunix_rt.train.backends.tunix.placing import bind, mesh_here


class Apart:
    """A model and its optimizer as lists of arrays, and the compiled step from one to the next."""

    def __init__(self, model: Any, optimizer: Any, body: Callable[..., Any]) -> None:
        """`body(model, optimizer, batch)` changes the two in place; what it gives is given on."""
        import jax
        from flax import nnx

        self._whole = (model, optimizer)
        kinds = (nnx.optimizer.OptState, ...)
        graph, *states = nnx.split(self._whole, *kinds)
        apart = [jax.tree.flatten(one) for one in states]
        trees = self._trees = [tree for _, tree in apart]
        self._leaves = [leaves for leaves, _ in apart]

        def step(state: list[Any], weights: list[Any], batch: Any) -> Any:
            parts = zip(trees, (state, weights), strict=True)
            whole = nnx.merge(graph, *(jax.tree.unflatten(*one) for one in parts))
            said = body(*whole, batch)
            _, *after = nnx.split(whole, *kinds)
            return [jax.tree.leaves(one) for one in after], said

        self.compiled = jax.jit(step, donate_argnums=0)

    def compile(self, batch: Any) -> int | None:
        """Compile for batches of this shape alone; bytes that a step takes, where XLA says so.

        What it is given, what it gives (but for what takes the place of something given), and what
        it needs in between.
        """
        self.compiled = self.compiled.lower(*self._leaves, batch).compile()
        said = self.compiled.memory_analysis()
        if said is None:
            return None
        given = said.argument_size_in_bytes + said.output_size_in_bytes - said.alias_size_in_bytes
        return int(given + said.temp_size_in_bytes)

    def advance(self, batch: Any) -> Any:
        """One step; what its body gives."""
        self._leaves, said = self.compiled(*self._leaves, batch)
        return said

    def wait(self) -> None:
        """Until every step that was handed over is done."""
        import jax

        jax.block_until_ready(self._leaves)

    def put_together(self) -> None:
        """Bring the model and the optimizer to where the steps are."""
        import jax
        from flax import nnx

        both = zip(self._trees, self._leaves, strict=True)
        nnx.update(self._whole, *(jax.tree.unflatten(*one) for one in both))


class _Step:
    """What the trainer's loop calls; it also asks for what was compiled, as of a partial."""

    def __init__(self, apart: Apart) -> None:
        self._apart = apart
        self.func = self
        self.jitted_fn = apart.compiled

    def __call__(self, batch: Any) -> Any:
        return self._apart.advance(batch)


def trainer_class(gradients: Callable[[Any, Any], tuple[Any, Any]] | None) -> Any:
    """The class; where `gradients(model, batch)` is given it takes the place of the trainer's own:
    the loss and what is told beside it, and the gradient.
    """
    from tunix.sft.peft_trainer import PeftTrainer

    class Trainer(PeftTrainer):  # type: ignore[misc]
        apart: Apart | None = None

        def create_train_step_fn(self) -> Callable[..., Any]:
            return self._train_step if gradients is None else step_with(gradients)

        def jit_train_and_eval_step(self, *given: Any, **named: Any) -> Any:
            if self.apart is None:
                bind(self)
                self._shard_optimizer(mesh_here())
                self.apart = Apart(self.model, self.optimizer, self.create_train_step_fn())
                apart = self.apart
                before_saves(self.checkpoint_manager, lambda _: apart.put_together())
            return _Step(self.apart), super().jit_train_and_eval_step(*given, **named)[1]

        def _run_eval(self, *given: Any) -> None:
            if self.apart is not None:
                self.apart.put_together()
            super()._run_eval(*given)

        def close(self) -> None:
            if self.apart is not None:
                self.apart.put_together()
            super().close()

    return Trainer


def step_with(gradients: Callable[[Any, Any], tuple[Any, Any]]) -> Callable[..., Any]:
    """A step like the trainer's own, from loss and gradient."""
    import optax

    def step(model: Any, optimizer: Any, batch: Any) -> Any:
        (loss, told), found = gradients(model, batch)
        norm = optax.global_norm(found)
        optimizer.update(model, found)
        return loss, told, norm

    return step
