"""The laws of the house. Each failure names the file, the line and the law."""

from fnmatch import fnmatch

from tests.laws.source import Import, imports, modules
from tunix_rt.floorplan import FLOORS, PLUGINS, ROOMS, TOOLS

DOORS = {"routes", "commands"}

JAX = ("train.backends.tunix*", "generate.providers.jax*", "registry.loading*")
TORCH = ("registry.loading.parity", "registry.loading.torch", "train.backends.torch*")

LIBRARIES: dict[str, tuple[str, ...]] = {
    "fastapi": ("*.routes*", "api.*", "kit.http"),
    "click": ("*.commands*", "cli.*", "kit.terminal", "store.session"),
    "rich": ("kit.terminal",),
    "sqlalchemy": ("*.table*", "*.query*", "store*", "kit.http"),
    "httpx2": ("kit.asking", "client.*"),
    "prometheus_client": ("api.metrics",),
    "yaml": ("train.manifest", "kit.documents"),
    "ungar": ("games.ungar",),
    "tensorboardX": ("runs.tracking", "registry.loading.jax"),
    "mlflow": ("runs.tracking",),
    "jax": JAX,
    "flax": JAX,
    "optax": JAX,
    "orbax": JAX,
    "tunix": JAX,
    "qwix": JAX,
    "rensa": ("curate.stages.near_dedup",),
    "rapidfuzz": ("curate.stages.decontaminate*",),
    "py3langid": ("curate.stages.language",),
    "optuna": ("tune.searching",),
    "sklearn": ("observers.fitting",),
    "tokenizers": ("registry.loading*",),
    "jinja2": ("registry.loading*",),
    "safetensors": ("registry.loading*", "train.backends.torch*"),
    "pyspiel": ("tasks.generators.openspiel*",),
    "pyarrow": (
        "traces.reading.tabling",
        "datasets.columns",
        "datasets.shards",
        "rendering.exports.*",
    ),
    "array_record": ("rendering.exports.array_record",),
    "verifiers": ("rendering.exports.verifiers.taskset",),
    "google": ("traces.telemetry",),
    "opentelemetry": ("traces.telemetry",),
    "math_verify": ("verify.answers.math.worker",),
    "reasoning_gym": ("tasks.generators.reasoning_gym*", "verify.answers.reasoning_gym*"),
    "torch": TORCH,
    "transformers": TORCH,
    "trl": ("train.backends.torch*",),
    "datasets": ("train.backends.torch*",),
    "huggingface_hub": ("registry.loading.hub",),
    "peft": ("train.backends.torch*",),
}
"""A heavy or framework library may be named only in these modules."""


def place(module: str) -> tuple[str, str]:
    """The slice and the room of a module: `tunix_rt.traces.query` -> traces, query."""
    parts = [*module.split("."), "", ""]
    return parts[1], parts[2]


def floor(slice_: str) -> int:
    return next(level for level, slices in enumerate(FLOORS) if slice_ in slices)


WORK = next(level for level, rooms in enumerate(ROOMS) if "*" in rooms)


def kind(name: str) -> str:
    return name.partition("_")[0]  # query_read is a second query room


def room(name: str) -> int:
    name = kind(name)
    return next((level for level, rooms in enumerate(ROOMS) if name in rooms), WORK)


def inside() -> list[Import]:
    return [i for i in imports() if i.imported.startswith("tunix_rt.")]


def test_every_slice_is_on_the_floor_plan() -> None:
    slices = {place(name)[0] for name, _ in modules()} - {"", "floorplan", "__main__"}
    assert slices <= frozenset().union(*FLOORS), "add the new slice to floorplan.FLOORS"


def test_imports_run_downstairs() -> None:
    broken = [
        str(i)
        for i in inside()
        if not {"floorplan", "__main__"} & {place(i.importer)[0], place(i.imported)[0]}
        and place(i.importer)[0] != place(i.imported)[0]
        and floor(place(i.importer)[0]) <= floor(place(i.imported)[0])
    ]
    assert not broken, "\n".join(["a slice may import only floors below it:", *broken])


def test_rooms_are_entered_in_order() -> None:
    broken = [
        str(i)
        for i in inside()
        if (here := place(i.importer))[0] == (there := place(i.imported))[0]
        and here[1] != there[1]
        and "" not in (here[1], there[1])
        and kind(here[1]) != kind(there[1])  # query_marks may build on query_write
        and room(here[1]) - room(there[1]) < (0 if room(here[1]) == WORK else 1)
    ]
    assert not broken, "\n".join(["a room may import only rooms before it:", *broken])


def test_a_plugin_knows_only_its_schema() -> None:
    broken = []
    for folder in PLUGINS:
        known = ("kit.", f"{folder}.", f"{folder.partition('.')[0]}.schema", *TOOLS)
        broken += [
            str(i)
            for i in inside()
            if i.importer.startswith(f"tunix_rt.{folder}.")
            and not i.imported.removeprefix("tunix_rt.").startswith(known)
        ]
    assert not broken, "\n".join(["hand it to the plugin as an argument:", *broken])


def test_only_the_doors_look_upstairs() -> None:
    allowed = ("tunix_rt.api", "tunix_rt.cli", "tunix_rt.store.migrations")
    broken = [
        str(i)
        for i in inside()
        if i.imported == "tunix_rt.floorplan" and not i.importer.startswith(allowed)
    ]
    assert not broken, "\n".join(["the floor plan is for those who assemble:", *broken])


def test_a_client_knows_only_shapes() -> None:
    broken = [
        str(i)
        for i in inside()
        if place(i.importer)[0] == "client"
        and place(i.imported)[0] not in ("client", "kit")
        and kind(place(i.imported)[1]) != "schema"
    ]
    assert not broken, "\n".join(["a client speaks HTTP, and has no server in it:", *broken])


def test_nobody_walks_in_through_a_door() -> None:
    broken = [str(i) for i in inside() if place(i.imported)[1] in DOORS]
    assert not broken, "\n".join(["doors are opened by floorplan.doors() only:", *broken])


def test_a_library_is_named_where_it_belongs() -> None:
    broken = [
        str(i)
        for i in imports()
        if (allowed := LIBRARIES.get(i.imported.partition(".")[0]))
        and not any(fnmatch(i.importer.removeprefix("tunix_rt."), a) for a in allowed)
    ]
    assert not broken, "\n".join(["this library has another home:", *broken])
