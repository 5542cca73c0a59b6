"""Checkpoints come into the registry and go out of it, from the terminal and over HTTP."""

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.conftest import ON_ONE
from tests.extras import needs
from tests.registry.checkpoints import written
from tests.registry.test_loading_opening import checkpoint
from tests.registry.test_promoting import tunix_rt
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.settings import Settings
from tunix_rt.registry.importing import files_of
from tunix_rt.runs import query_read
from tunix_rt.store import Store

needs("tokenizers", extra="tunix")

CONVERTER = """
import sys
from pathlib import Path
folder, _, outfile, _, outtype = sys.argv[1:]
if outtype == "f16":
    sys.exit("KeyError: no such tensor")
Path(outfile).write_bytes(b"GGUF" + Path(folder, "config.json").read_bytes())
"""
"""A program that is called as llama.cpp's is, and writes a file as it does."""


def brought(settings: Settings, folder: Path, *more: str) -> Any:
    done = tunix_rt(settings, "import", str(folder), "--name", "m", "--no-parity", "--json", *more)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def made(place: Path) -> Path:
    place.mkdir()
    return checkpoint(place)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_checkpoint_goes_in_and_comes_out_as_it_was(settings: Settings, tmp_path: Path) -> None:
    folder = made(tmp_path / "theirs")
    before = contents(folder)
    (folder / "README.md").write_text("not needed to load it")

    found = brought(settings, folder, "--label", "first")
    done = tunix_rt(settings, "export", "m", str(tmp_path / "out"), "--json")

    assert found["version"]["version"] == "first"
    assert found["version"]["provenance_json"]["checked"]["architecture"] == "gemma3_text"
    assert found["checked"]["passes"]
    assert found["checked"]["parity"] is None
    assert sorted(json.loads(done.stdout)["files"]) == sorted(before)
    assert contents(tmp_path / "out") == before


def test_the_same_checkpoint_is_the_same_version(settings: Settings, tmp_path: Path) -> None:
    folder = made(tmp_path / "theirs")

    versions = [brought(settings, folder)["version"]["id"] for _ in range(2)]

    assert versions[0] == versions[1]


def test_a_version_is_cut_into_shards_of_a_size(settings: Settings, tmp_path: Path) -> None:
    from tunix_rt.registry.loading.opening import open_checkpoint
    from tunix_rt.registry.loading.writing import stored

    folder = made(tmp_path / "theirs")
    brought(settings, folder)

    done = tunix_rt(settings, "export", "m", str(tmp_path / "out"), "--max-shard-size", "2KB")

    assert done.exit_code == 0, done.output
    assert len(list((tmp_path / "out").glob("*.safetensors"))) > 2
    open_checkpoint(tmp_path / "out")
    before, after = stored(folder), stored(tmp_path / "out")
    assert before.keys() == after.keys()
    for name in before:
        assert b"".join(before[name].read()) == b"".join(after[name].read())


def test_what_the_gate_refuses_is_not_imported(
    settings: Settings, store: Store, api: TestClient, tmp_path: Path
) -> None:
    folder = made(tmp_path / "theirs")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])

    done = tunix_rt(settings, "import", str(folder), "--name", "m")

    assert done.exit_code == 1
    assert "damaged: 1 of its bytes are missing" in str(done.exception)
    assert api.get("/api/models").json() == []
    assert not settings.models.exists()


def test_a_check_says_why_not_and_exits_with_1(settings: Settings, tmp_path: Path) -> None:
    folder = made(tmp_path / "theirs")
    (folder / "tokenizer.json").unlink()

    done = tunix_rt(settings, "check", str(folder), "--json")
    found = json.loads(done.stdout)

    assert done.exit_code == 1
    assert not found["passes"]
    assert "tokenizer.json is missing" in found["said"]


def test_a_check_says_what_it_has_not_looked_at(settings: Settings, tmp_path: Path) -> None:
    done = tunix_rt(settings, "check", str(made(tmp_path / "theirs")), "--no-parity")

    assert done.exit_code == 0
    assert "its logits were not compared" in done.stdout.lower()


def test_a_hub_that_cannot_be_reached_is_told_in_a_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs("huggingface_hub", extra="hub")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")

    done = tunix_rt(settings, "check", "nobody/nothing", "--json")

    assert "the hub cannot be reached to look for it there" in json.loads(done.stdout)["said"]


def test_a_folder_that_is_not_there_is_told_in_a_sentence(settings: Settings) -> None:
    done = tunix_rt(settings, "check", "/nowhere/at/all", "--json")

    assert json.loads(done.stdout)["said"] == "There is no folder '/nowhere/at/all'."


def test_a_converter_writes_the_gguf_file(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made(tmp_path / "theirs")
    brought(settings, folder)
    program = tmp_path / "convert_hf_to_gguf.py"
    program.write_text(CONVERTER)
    with_it = settings.model_copy(update={"gguf_converter": str(program)})

    done = tunix_rt(with_it, "export", "m", str(tmp_path / "out"), "--format", "gguf", "--json")
    failed = tunix_rt(
        with_it, *("export", "m", str(tmp_path / "no"), "--format", "gguf", "--outtype", "f16")
    )

    assert json.loads(done.stdout)["files"] == ["m-v1.gguf"]
    assert (tmp_path / "out" / "m-v1.gguf").read_bytes().startswith(b"GGUF{")
    assert "converter failed: KeyError: no such tensor" in str(failed.exception)
    assert not (tmp_path / "no").exists()


def test_without_a_converter_there_is_one_sentence(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought(settings, made(tmp_path / "theirs"))
    monkeypatch.setenv("PATH", str(tmp_path))

    done = tunix_rt(settings, "export", "m", str(tmp_path / "out"), "--format", "gguf")

    assert done.exit_code == 1
    assert "llama.cpp's converter to GGUF is not on this machine" in str(done.exception)


def test_the_server_queues_what_the_terminal_does(
    settings: Settings, store: Store, api: TestClient, tmp_path: Path
) -> None:
    version = brought(settings, made(tmp_path / "theirs"))["version"]["id"]
    folder = settings.home / "there"
    folder.mkdir()
    checkpoint(folder)

    answers = [
        api.post("/api/models/import", json={"source": "there", "name": "n"}),
        api.post("/api/models/check", json={"source": str(folder)}),
        api.post("/api/models/check", json={"source": "owner/name"}),
        api.post(f"/api/models/versions/{version}/export", json={"max_shard_size": "1MB"}),
    ]

    assert [answer.status_code for answer in answers] == [202] * 4
    with store.read() as connection:
        rows = [query_read.get(connection, answer.json()["run_id"]) for answer in answers]
    assert [row.kind for row in rows] == [
        "import-model",
        "check-model",
        "check-model",
        "export-model",
    ]
    assert rows[0].config["source"] == str(folder)
    assert rows[2].config["source"] == "owner/name"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"source": "/etc", "name": "n"}, 403),
        ({"source": "not/there/at/all", "name": "n"}, 404),
        ({"source": "a", "name": "no name"}, 422),
        ({"source": "a\0b", "name": "n"}, 404),
        ({"source": "a", "name": "n", "converter": "/bin/sh"}, 422),
    ],
)
def test_an_import_that_cannot_be_is_refused_at_once(
    api: TestClient, asked: dict[str, str], status: int
) -> None:
    assert api.post("/api/models/import", json=asked).status_code == status


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"folder": "/etc/x"}, 403),
        ({"max_shard_size": "much"}, 422),
        ({"format": "onnx"}, 422),
        ({"format": "gguf"}, 501),
        ({"format": "gguf", "converter": "/bin/sh"}, 422),
    ],
)
def test_an_export_that_cannot_be_is_refused_at_once(
    settings: Settings,
    api: TestClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    asked: dict[str, str],
    status: int,
) -> None:
    version = brought(settings, made(tmp_path / "theirs"))["version"]["id"]
    monkeypatch.setenv("PATH", str(tmp_path))

    answer = api.post(f"/api/models/versions/{version}/export", json=asked)

    assert answer.status_code == status, answer.text


def test_links_of_the_hubs_cache_are_followed_and_no_others(tmp_path: Path) -> None:
    blobs, snapshot = tmp_path / "cache" / "blobs", tmp_path / "cache" / "snapshots" / "abc"
    blobs.mkdir(parents=True)
    snapshot.mkdir(parents=True)
    (blobs / "1").write_text("{}")
    (snapshot / "config.json").symlink_to("../../blobs/1")

    assert files_of(snapshot) == [snapshot / "config.json"]
    (tmp_path / "secret").write_text("x")
    (snapshot / "chat_template.jinja").symlink_to(tmp_path / "secret")
    with pytest.raises(BadInput, match="a link that leads out of the folder"):
        files_of(snapshot)


@pytest.mark.jax
@pytest.mark.torch
@ON_ONE
def test_an_import_compares_logits_where_it_can(settings: Settings, tmp_path: Path) -> None:
    for library, extra in (("tunix", "tunix"), ("torch", "torch"), ("transformers", "torch")):
        needs(library, extra=extra)
    folder = written("llama", tmp_path / "theirs")

    done = tunix_rt(settings, "import", str(folder), "--name", "m", "--json")

    found = json.loads(done.stdout)["checked"]
    assert found["parity"]["max_difference"] <= 5e-6
    assert found["parity"]["passes"]
    assert found["said"].endswith(": rounding.")
