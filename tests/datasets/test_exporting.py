"""Every export through its doors: HTTP, the terminal, the client."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from fastapi.testclient import TestClient

from tests.cli.running import Home
from tests.client.serving import served
from tests.making import stored, trace, write_lines
from tunix_rt.client import Client, RequestFailed
from tunix_rt.datasets import freezing
from tunix_rt.datasets.commands import app
from tunix_rt.datasets.schema import Build
from tunix_rt.kit.settings import Settings
from tunix_rt.rendering import exporting
from tunix_rt.store import Store
from tunix_rt.store.session import Session


@pytest.fixture
def frozen(store: Store, tmp_path: Path) -> Store:
    """A store with the dataset d-1 of 30 traces."""
    stored(store, tmp_path, [trace(number) for number in range(30)])
    freezing.freeze(store, Build(dataset_name="d", dataset_version="1", limit=30))
    return store


def test_the_formats_are_listed(api: TestClient) -> None:
    listed: list[dict[str, Any]] = api.get("/api/datasets/exports").json()

    assert [one["name"] for one in listed] == exporting.names()
    assert {one["kind"] for one in listed} == {"lines", "file", "folder"}


def test_lines_are_sent_as_lines(api: TestClient, frozen: Store) -> None:
    answer = api.get("/api/datasets/d-1/export/openai-chat")

    assert answer.headers["content-type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert len(lines) == 30
    assert lines[0]["messages"][-1]["content"] == "30"


@pytest.mark.parametrize("name", ["trace", "tunix_sft", "training_example"])
def test_the_contracts_formats_are_the_same_under_both_addresses(
    api: TestClient, frozen: Store, name: str
) -> None:
    old = api.get("/api/datasets/d-1/export.jsonl", params={"format": name})

    assert api.get(f"/api/datasets/d-1/export/{name}").content == old.content
    assert api.get("/api/datasets/d-1/export.jsonl?format=trl").status_code == 422


def test_a_file_is_sent_with_its_name(api: TestClient, frozen: Store) -> None:
    answer = api.get("/api/datasets/d-1/export/verl")

    assert answer.headers["content-disposition"] == 'attachment; filename="d_1-train.parquet"'
    assert answer.content.startswith(b"PAR1")
    assert answer.content.endswith(b"PAR1")


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("huggingface", ["README.md", "data/train.parquet"]),
        ("trl?split=each", ["train.jsonl"]),
        ("huggingface?split=train", ["README.md", "data/train.parquet"]),
    ],
)
def test_a_folder_is_sent_as_a_zip(
    api: TestClient, frozen: Store, address: str, inside: list[str]
) -> None:
    answer = api.get(f"/api/datasets/d-1/export/{address}")

    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="d_1.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert sorted(archive.namelist()) == inside
        assert archive.testzip() is None


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("d-1/export/none", 404),
        ("d-1/export/..%2f..", 404),
        ("d-1/export/__init__", 404),
        ("none-1/export/trl", 404),
        ("d-1/export/trl?split=test", 422),
        ("d-1/export/huggingface?split=test", 422),
        ("d-1/export/trl?split=%00", 400),
        ("%00/export/trl", 400),
    ],
)
def test_what_is_not_there_is_refused_before_anything_is_sent(
    api: TestClient, frozen: Store, address: str, status: int
) -> None:
    answer = api.get(f"/api/datasets/{address}")

    assert answer.status_code == status
    assert answer.json()["detail"]


def test_a_version_whose_file_is_gone_says_so_before_it_begins(
    api: TestClient, frozen: Store
) -> None:
    [shard] = api.get("/api/datasets/d-1").json()["shards"]
    frozen.blobs.path(shard["sha256"]).unlink()

    for name in ("trl", "verl", "huggingface"):
        assert api.get(f"/api/datasets/d-1/export/{name}").status_code == 404


def run(settings: Settings, *words: object) -> Result:
    session = Session(settings)
    try:
        return CliRunner().invoke(app, [str(word) for word in words], obj=session)
    finally:
        session.store.close()


def test_the_command_writes_files_and_folders(
    frozen: Store, settings: Settings, tmp_path: Path
) -> None:
    file, folder = tmp_path / "out.jsonl", tmp_path / "out"

    lines = run(settings, "export", "d-1", file, "--format", "trl", "--json")
    made = run(settings, "export", "d-1", folder, "--format", "huggingface")
    again = run(settings, "export", "d-1", folder, "--format", "huggingface")

    assert json.loads(lines.output) == {"file": str(file), "records": 30, "rows": 30}
    assert len(file.read_bytes().splitlines()) == 30
    assert made.exit_code == 0, made.output
    assert (folder / "data" / "train.parquet").is_file()
    assert "exists already" in str(again.exception)


def test_every_door_takes_a_policy_and_refuses_one_that_means_nothing(
    api: TestClient, frozen: Store, settings: Settings, tmp_path: Path
) -> None:
    address = "/api/datasets/d-1/export/"
    done = run(
        settings,
        "export",
        "d-1",
        tmp_path / "a",
        "--format",
        "axolotl-chat",
        "--policy",
        "wrong=train",
    )
    sent = api.get(f"{address}axolotl-chat?policy=wrong=train&policy=undecided=0.5")
    zipped = api.get(f"{address}axolotl-chat?split=each&policy=undecided=0")
    refused = run(settings, "export", "d-1", tmp_path / "b", "--policy", "wrong=mask")

    assert done.exit_code == 0
    assert (tmp_path / "a").read_bytes() == sent.content
    assert zipped.headers["content-type"] == "application/zip"
    assert "no place in it" in str(refused.exception)
    assert not (tmp_path / "b").exists()
    for wrong in ("trl?policy=wrong=mask", "verl?policy=wrong=mask", "axolotl-chat?policy=a"):
        answer = api.get(f"{address}{wrong}")
        assert (answer.status_code, bool(answer.json()["detail"])) == (422, True)
    assert api.get(f"{address}trl?policy={'a' * 65}").status_code == 422


def test_the_command_says_when_rows_are_left_out(
    frozen: Store, settings: Settings, tmp_path: Path
) -> None:
    done = run(settings, "export", "d-1", tmp_path / "a", "--format", "trl-unpaired")

    assert "0 records of 30 rows written" in done.output


def test_verdicts_and_splits_of_a_real_version_reach_the_exports(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    wrong = [trace(n, final_answer="7", meta={"expected_answer": str(n + 1)}) for n in range(40)]
    lines = [trace(n) for n in range(40)] + wrong
    home.json("traces", "import", write_lines(tmp_path / "a", lines))
    assert home.run("verify", "run").returncode == 0
    home.json("datasets", "build", "d", "1", "--split", "test=0.3", "--seed", "1")
    words = ("datasets", "export", "d-1")

    mixed = home.run(*words, tmp_path / "a.jsonl", "--format", "trl-preference")
    each = home.json(*words, tmp_path / "each", "--format", "trl-preference", "--split", "each")
    home.json(*words, tmp_path / "hf", "--format", "huggingface")
    prompts = home.json(*words, tmp_path / "p", "--format", "trl-grpo", "--split", "train")

    assert "mix the splits" in mixed.stderr
    found = {
        path.stem: [json.loads(line) for line in path.read_bytes().splitlines()]
        for path in (tmp_path / "each").iterdir()
    }
    assert set(found) == {"train", "test"}
    assert sum(map(len, found.values())) == each["records"] == 39  # 6 + 1 is 7
    asked = {split: {str(one["prompt"]) for one in pairs} for split, pairs in found.items()}
    assert not asked["train"] & asked["test"]
    assert prompts["records"] >= len(asked["train"])
    head = (tmp_path / "hf" / "README.md").read_text("utf-8").split("---")[1]
    assert "data/test.parquet" in head
    assert "license:" in head


def test_a_server_gives_the_same_bytes_as_the_data_folder(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.json("traces", "import", write_lines(tmp_path / "a", [trace(n) for n in range(9)]))
    home.json("datasets", "build", "d", "1")
    words = ("datasets", "export", "d-1")
    here = {"alpaca": "a.jsonl", "verl": "v.parquet", "verifiers": "folder"}
    for name, place in here.items():
        home.json(*words, tmp_path / f"here-{place}", "--format", name)

    with served(home) as server, Client(server.url) as client:
        for name, place in here.items():
            far = (*words, tmp_path / f"far-{place}", "--format", name)
            done = home.run(*far, TUNIX_RT_URL=server.url)
            assert done.returncode == 0, done.stderr
        masked = ("--format", "axolotl-segments", "--policy", "wrong=train")
        home.json(*words, tmp_path / "here-m", *masked)
        sent = home.run(*words, tmp_path / "far-m", *masked, TUNIX_RT_URL=server.url)
        assert sent.returncode == 0, sent.stderr
        zipped = client.datasets.export_as("d-1", "huggingface", tmp_path / "hf.zip")
        names = [one.name for one in client.datasets.exports()]
        with pytest.raises(RequestFailed, match="called 'none'"):
            client.datasets.export_as("d-1", "none", tmp_path / "none")

    for place in ("a.jsonl", "v.parquet"):
        assert (tmp_path / f"far-{place}").read_bytes() == (tmp_path / f"here-{place}").read_bytes()
    assert (tmp_path / "far-m").read_bytes() == (tmp_path / "here-m").read_bytes()
    assert _files(tmp_path / "far-folder") == _files(tmp_path / "here-folder")
    assert zipfile.is_zipfile(zipped)
    assert names == exporting.names()
    assert not (tmp_path / "none").exists()


def _files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
