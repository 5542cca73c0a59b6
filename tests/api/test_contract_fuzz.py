"""Requests nobody thought of, made from openapi.json: no bug, and no answer it does not declare."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.conftest import ROOT
from tunix_rt.api.app import create_app
from tunix_rt.kit.settings import Settings
from tunix_rt.store import open_store

EXAMPLES = 25
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


PATHS: dict[str, dict[str, Any]] = json.loads((ROOT / "openapi.json").read_text("utf-8"))["paths"]
OPERATIONS = [(method, path) for path, methods in PATHS.items() for method in methods]


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    mine = Settings(home=tmp_path_factory.mktemp("fuzz") / "home", database="")
    store = open_store(mine)
    yield schemathesis.openapi.from_asgi("/api/openapi.json", create_app(store, mine))
    store.close()


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_answer_is_declared_and_none_is_a_bug(schema: Any, method: str, path: str) -> None:
    @seed(1)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=schema[path][method.upper()].as_strategy())
    def ask(case: Any) -> None:
        case.call_and_validate(checks=CHECKS, headers={"Host": "localhost"})

    ask()
