"""Where a training computes: one device, or a mesh of several."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tunix_rt.kit.errors import BadInput
from tunix_rt.train.schema_machine import Mesh


@contextmanager
def placed(device: str, shape: Mesh) -> Iterator[None]:
    """Compute on this device inside, or on the mesh of several."""
    import jax
    from jax.sharding import AxisType

    found = devices(device, shape.fsdp * shape.tp)
    if len(found) == 1:
        if device == "auto":
            yield
            return
        with jax.default_device(found[0]):
            yield
        return
    axes = (AxisType.Auto, AxisType.Auto)
    mesh = jax.make_mesh((shape.fsdp, shape.tp), ("fsdp", "tp"), axis_types=axes, devices=found)
    with mesh:
        yield


def mesh_here() -> Any:
    """The mesh of several devices that is computed on; an empty one where there is one device."""
    from jax.interpreters import pxla

    return pxla.thread_resources.env.physical_mesh


def devices(device: str, count: int) -> list[Any]:
    """So many devices of a kind, from the number behind its colon; refused where they are not."""
    import jax

    kind, _, index = device.partition(":")
    try:
        every = list(jax.devices(None if kind == "auto" else kind))
    except RuntimeError:
        there = ", ".join(sorted({one.platform for one in jax.devices()}))
        raise BadInput(f"There is no {kind} here; JAX finds: {there}.") from None
    first = int(index or 0)
    if first + count > len(every):
        name = "device" if kind == "auto" else kind
        what = f"{device} is asked for" if count == 1 else f"{count} devices are asked for"
        raise BadInput(
            f"{what}, and JAX finds {len(every)} {name}{'s' if len(every) > 1 else ''}.",
            hint="Change device, or mesh.fsdp times mesh.tp.",
        )
    return every[first : first + count]


def shared(arrays: Any) -> Any:
    """Arrays whose first axis is rows, each row where the mesh has it, if there is a mesh."""
    import jax
    from jax.sharding import PartitionSpec
    from tunix.sft.sharding_utils import get_sharding

    mesh, rows = mesh_here(), PartitionSpec("fsdp")
    if mesh.empty:
        return arrays
    return jax.tree.map(lambda one: jax.device_put(one, get_sharding(one, mesh, rows)), arrays)


def bind(trainer: Any) -> None:
    """Bind to the weights' devices what else a trainer holds, if the weights are bound to theirs.

    A step binds all that it gives. What was unbound before the first would be compiled for again
    at the second. What was restored and has no device in its file is bound to the first.
    """
    import jax
    from flax import nnx
    from jax.sharding import NamedSharding, PartitionSpec

    bound = [one for one in jax.tree.leaves(nnx.state(trainer.model)) if one.committed]
    if not bound:
        return
    place = bound[0].sharding
    if isinstance(place, NamedSharding):
        place = NamedSharding(place.mesh, PartitionSpec())

    def moved(one: Any) -> Any:
        there = one.committed and one.sharding.device_set == place.device_set
        return one if there else jax.device_put(one, place)

    for held in (trainer.model, trainer.optimizer):
        nnx.update(held, jax.tree.map(moved, nnx.state(held)))


def spread(model: Any) -> None:
    """Put every weight where the mesh, if any, has it; whole where it cannot be cut evenly."""
    import jax
    from flax import nnx

    mesh = mesh_here()
    if mesh.empty:
        return
    for _, one in nnx.iter_graph(model):
        if isinstance(one, nnx.Param) and (names := one.get_metadata().get("out_sharding")):
            cuts = zip(names, one.get_value().shape, strict=False)
            fit = tuple(
                name if name and size % mesh.shape[name] == 0 else None for name, size in cuts
            )
            one.set_metadata(out_sharding=fit)
    state = nnx.state(model)
    nnx.update(model, jax.tree.map(jax.device_put, state, nnx.get_named_sharding(state, mesh)))
