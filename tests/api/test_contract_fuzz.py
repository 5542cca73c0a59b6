"""Requests nobody thought of, made from openapi.json: no bug, and no answer it does not declare."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as some
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.conftest import ROOT, fresh
from tests.making import trace
from tests.registry.test_promoting import completed, family, model_folder, promote
from tunix_rt.api.app import create_app
from tunix_rt.store import Store, open_store
from tunix_rt.tasks import suites
from tunix_rt.tasks.generating import tasks

EXAMPLES = 6
EXPLAINED = {501, 502, 503}
"""Failures that are no bugs: something optional or outside is not there, nobody works on runs."""

DECLARED = [status_code_conformance, content_type_conformance, response_schema_conformance]
PATHS: dict[str, dict[str, Any]] = json.loads((ROOT / "openapi.json").read_text("utf-8"))["paths"]
OPERATIONS = [(method, path) for path, methods in PATHS.items() for method in methods]


@schemathesis.serializer("application/x-ndjson")
def as_it_is(_context: Any, value: Any) -> bytes:
    """Lines, which the schema has as one text."""
    return (
        value.encode("utf-8", "replace") if isinstance(value, str) else json.dumps(value).encode()
    )


ASKED = [
    ("sqlite", GenerationMode.POSITIVE),
    ("sqlite", GenerationMode.NEGATIVE),
    pytest.param("postgres", GenerationMode.POSITIVE, marks=pytest.mark.postgres),
]
"""What is wrong is refused before a database is asked: one of them is enough."""


class Server:
    """The application with one of everything in it."""

    def __init__(self, app: Any, known: dict[str, str]) -> None:
        self.schema = schemathesis.openapi.from_asgi("/api/openapi.json", app)
        self.known = known


@pytest.fixture(scope="module")
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("fuzz")
    with fresh(request.param, folder) as whole:
        mine = whole.model_copy(update={"wait_seconds": 0})  # nobody works on runs here
        store = open_store(mine)
        app = create_app(store, mine)
        api = TestClient(app, base_url="http://localhost")
        yield Server(app, one_of_everything(api, store, folder))
        store.close()


def one_of_everything(api: TestClient, store: Store, folder: Path) -> dict[str, str]:
    """Path parameters that lead somewhere."""
    trace_id = api.post("/api/traces", json=trace(1)).json()["id"]
    built = {"dataset_name": "d", "dataset_version": "1"}
    key = api.post("/api/datasets/build", json=built).json()["dataset_key"]
    suites.from_tasks(store, "s", {}, tasks("arithmetic", None, 0, "test", 3))
    run = api.post("/api/tunix/run", json={"dataset_key": key, "model_id": "nano"}).json()
    model = family(api)
    version = promote(
        api, model, completed(store, {"model_folder": str(model_folder(folder / "model"))})
    ).json()
    return {
        "trace_id": trace_id,
        "key": key,
        "name": "s",
        "run_id": run["run_id"],
        "model_id": model,
        "version_id": version["id"],
        "kind": "run",
        "id_": run["run_id"],
    }


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize(("server", "mode"), ASKED, indirect=["server"], scope="module")
def test_every_answer_is_declared_and_none_is_a_bug(
    server: Server, method: str, path: str, mode: GenerationMode
) -> None:
    operation = server.schema[path][method.upper()]

    @seed(1)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), real=some.booleans())
    def ask(case: Any, real: bool) -> None:
        if real:
            case.path_parameters.update(
                {name: server.known[name] for name in case.path_parameters if name in server.known}
            )
        answer = case.call(headers={"Host": "localhost"})
        assert answer.status_code < 500 or answer.status_code in EXPLAINED, answer.text
        case.validate_response(answer, checks=DECLARED)

    try:
        ask()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # nothing about this call can be wrong
