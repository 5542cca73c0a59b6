"""The house opens without any heavy library: each is loaded when it is used, not before."""

import subprocess
import sys

HEAVY = (
    *("jax", "flax", "optax", "orbax", "tunix", "qwix", "numpy", "torch", "transformers"),
    *("tokenizers", "safetensors", "ray", "reasoning_gym", "math_verify", "psycopg", "optuna"),
    *("pyspiel", "sympy", "matplotlib", "pyarrow", "opentelemetry.proto", "google.protobuf"),
    *("sklearn", "scipy", "rensa", "rapidfuzz", "py3langid", "jinja2", "array_record", "verifiers"),
    *("tensorboardX", "mlflow", "huggingface_hub", "peft", "trl", "accelerate", "datasets"),
)

OPEN_EVERY_DOOR = f"""
import sys
from importlib.util import find_spec
sys.modules.update(dict.fromkeys({HEAVY!r}))  # None makes importing them fail
import tunix_rt.api.app, tunix_rt.cli.main, tunix_rt.cli.child, tunix_rt.cli.serve
from tunix_rt.floorplan import PLUGINS, doors
DOORS = ("routes router", "commands app", "jobs jobs", "table metadata")
for room, name in map(str.split, DOORS):
    list(doors(room, name))
from tunix_rt.kit.catalog import Catalog
for folder in PLUGINS:
    if find_spec("tunix_rt." + folder.partition(".")[0]) and find_spec("tunix_rt." + folder):
        catalog = Catalog("tunix_rt." + folder, kind=folder)
        for name in catalog.names():
            catalog.load(name)
"""


def test_every_door_and_plugin_opens_without_heavy_libraries() -> None:
    opened = subprocess.run([sys.executable, "-c", OPEN_EVERY_DOOR], capture_output=True, text=True)
    assert opened.returncode == 0, opened.stderr


def test_a_client_has_no_server_in_it() -> None:
    without = ("sqlalchemy", "alembic", "fastapi", "starlette", "uvicorn", "click", "rich", *HEAVY)
    script = f"import sys; sys.modules.update(dict.fromkeys({without!r})); import tunix_rt.client"
    opened = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert opened.returncode == 0, opened.stderr
