"""The model that a recipe goes on from, by its name."""

import json
from pathlib import Path

import pytest

from tests.cli.running import Home
from tests.extras import needs
from tests.registry.test_exchange import brought, made
from tests.train.jobs import RECIPE
from tests.train.test_rehearsing import frozen
from tunix_rt.kit.errors import Forbidden, NotFound
from tunix_rt.kit.settings import Settings
from tunix_rt.runs.query_read import get, lineage_of
from tunix_rt.store import Store, open_store
from tunix_rt.train import bases
from tunix_rt.train.naming import absolute_recipe, confined_recipe
from tunix_rt.train.recipes import read_recipe
from tunix_rt.train.schema import FolderModel, Recipe

needs("tokenizers", extra="tunix")


def called(path: str) -> Recipe:
    return read_recipe({"model": {"path": path}, "tokenizer": {"source": "model"}})


def path_of(recipe: Recipe) -> str:
    assert isinstance(recipe.model, FolderModel)
    return recipe.model.path


def test_a_version_is_named_once_and_found_by_its_name(
    settings: Settings, store: Store, tmp_path: Path
) -> None:
    brought(settings, made(tmp_path / "theirs"), "--label", "first")
    with store.read() as connection:
        newest = bases.settled(connection, called("registry:m"))
        nobody = bases.version(connection, called("owner/m"))

        assert path_of(newest) == "registry:m@first"
        assert nobody is None
        assert bases.settled(connection, newest) == newest
        with pytest.raises(NotFound, match="No model is called 'n'"):
            bases.settled(connection, called("registry:n"))
        with pytest.raises(NotFound, match="m has no version second"):
            bases.settled(connection, called("registry:m@second"))

    folder = Path(path_of(bases.located(store, newest)))
    assert (folder / "config.json").is_file()
    assert folder.is_relative_to(settings.models)


def test_a_recipe_without_a_folder_is_left_as_it_is(settings: Settings, store: Store) -> None:
    recipe = read_recipe(RECIPE)

    assert bases.located(store, recipe) == recipe
    assert confined_recipe(recipe, settings) == recipe
    assert absolute_recipe(recipe) == recipe


def test_a_server_reads_only_where_it_may(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", database="")
    (settings.home / "mine").mkdir(parents=True)
    (tmp_path / "theirs").mkdir()

    assert path_of(confined_recipe(called("mine"), settings)) == str(settings.home / "mine")
    assert path_of(confined_recipe(called("owner/name"), settings)) == "owner/name"
    assert path_of(confined_recipe(called("registry:m"), settings)) == "registry:m"
    with pytest.raises(Forbidden):
        confined_recipe(called(str(tmp_path / "theirs")), settings)
    later = str(settings.home / "runs" / "later" / "model")
    assert path_of(confined_recipe(called(later), settings)) == later


def test_a_folder_is_the_same_for_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "owner" / "name").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)

    assert path_of(absolute_recipe(called("owner/name"))) == str(tmp_path / "owner" / "name")
    assert path_of(absolute_recipe(called("owner/other"))) == "owner/other"
    assert path_of(absolute_recipe(called("other"))) == str(tmp_path / "other")


@pytest.mark.jax
def test_a_training_goes_on_from_what_was_promoted(tmp_path: Path) -> None:
    needs("tunix", extra="tunix")
    home = Home(tmp_path / "home")
    store = open_store(Settings(home=home.folder, database=""))
    key = frozen(store, tmp_path)
    recipe = tmp_path / "r.json"
    recipe.write_text(json.dumps(RECIPE | {"max_seq_length": 64, "steps": 2}))
    first = home.json("train", "run", recipe, "--dataset", key)
    home.inside("registry", "promote", first["run_id"], "small", "--label", "first")

    on = RECIPE | {"max_seq_length": 64, "steps": 2, "tokenizer": {"source": "model"}}
    recipe.write_text(json.dumps(on | {"model": {"path": "registry:small"}}))
    second = home.json("train", "run", recipe, "--dataset", key)

    with store.read() as connection:
        kept = get(connection, second["run_id"]).config["recipe"]["model"]
        edges = lineage_of(connection, "run", second["run_id"])
    assert kept == {"path": "registry:small@first"}
    assert second["final_loss"] < first["first_loss"]
    assert "began with" in str(edges)
