"""The recipes that a training can begin with."""

import json
import tomllib

from click.testing import CliRunner
from fastapi.testclient import TestClient

from tests.conftest import ROOT
from tunix_rt.train.commands import app
from tunix_rt.train.recipes import load_recipe, read_recipe
from tunix_rt.train.starting import INSTALLED, starting_file, starting_recipes

EXAMPLES = ROOT / "examples" / "recipes"


def test_every_example_is_served_whole_and_is_a_recipe(api: TestClient) -> None:
    served = api.get("/api/tunix/recipes").json()["data"]

    assert [one["name"] for one in served] == sorted(path.stem for path in EXAMPLES.glob("*.toml"))
    for one in served:
        example = load_recipe(EXAMPLES / f"{one['name']}.toml")
        assert read_recipe(one["recipe"]) == example
        assert one["description"] == example.description


def test_the_command_lists_what_the_server_does(api: TestClient) -> None:
    said = CliRunner().invoke(app, ["recipes", "--json"])

    assert json.loads(said.output) == api.get("/api/tunix/recipes").json()["data"]
    assert "nano_addition" in CliRunner().invoke(app, ["recipes"]).output


def test_a_wheel_puts_the_examples_where_they_are_looked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]

    assert ROOT / included["examples/recipes"] == INSTALLED
    assert starting_file(starting_recipes()[0].name).is_file()


def test_the_schema_names_the_templates(api: TestClient) -> None:
    template = api.get("/api/tunix/recipe-schema").json()["properties"]["template"]

    assert {"think", "chat"} <= set(template["examples"])
