"""The X-ray of frozen and of stored traces: over HTTP, in the terminal, from another machine."""

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.cli.running import Home
from tests.client.serving import served
from tests.extras import needs
from tests.making import stored, trace, write_lines
from tests.rendering.tokenizers import folder_of
from tunix_rt.datasets import freezing
from tunix_rt.datasets.schema import Build
from tunix_rt.kit.ids import new_id
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store

needs("tokenizers", extra="tunix")


@pytest.fixture
def frozen(store: Store, tmp_path: Path) -> str:
    stored(store, tmp_path, [trace(n) for n in range(30)])
    freezing.freeze(store, Build(dataset_name="d", dataset_version="1"))
    return "d-1"


def looked(api: TestClient, key: str, **body: Any) -> dict[str, Any]:
    answer = api.post(f"/api/datasets/{key}/xray", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_version_is_shown_as_it_will_be_trained(api: TestClient, frozen: str) -> None:
    found = looked(api, frozen, rows=3)

    assert [len(row["ids"]) == len(row["tokens"]) for row in found["rows"]] == [True] * 3
    assert (found["complete"], found["proofs"]["ok"]) == (True, True)
    assert found["proofs"]["numbers"]["rows"] == 30
    assert len(found["proofs"]["first_batch_sha256"]) == 64
    assert found["tokenizer"]["name"] is None


def test_a_tokenizer_of_the_server_is_used_and_no_other(
    api: TestClient, frozen: str, settings: Settings, tmp_path: Path
) -> None:
    folder_of(settings.home / "tokenizer", "qwen")
    folder_of(tmp_path / "outside", "qwen")
    chat = {"template": "chat", "tokenizer": "tokenizer"}

    found = looked(api, frozen, rendering=chat)
    outside = api.post(
        f"/api/datasets/{frozen}/xray",
        json={"rendering": {**chat, "tokenizer": str(tmp_path / "outside")}},
    )

    assert found["tokenizer"]["end"] == "<|im_end|>"
    assert found["proofs"]["ok"]
    assert outside.status_code == 403


def test_stored_traces_are_shown_before_they_are_frozen(
    api: TestClient, store: Store, frozen: str
) -> None:
    ids = [row["id"] for row in looked(api, frozen, rows=2)["rows"]]

    found = api.post("/api/datasets/xray", json={"trace_ids": ids, "rendering": {"template": "r1"}})

    assert found.status_code == 200, found.text
    assert [row["id"] for row in found.json()["rows"]] == ids
    none = api.post("/api/datasets/xray", json={"trace_ids": [new_id()]})
    odd = api.post("/api/datasets/xray", json={"trace_ids": ["x"]})
    assert (none.status_code, odd.status_code) == (404, 422)


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"rendering": {"template": "nope"}}, 404, "No template is called 'nope'"),
        ({"rendering": {"template": "chat"}}, 422, "needs a tokenizer with a chat template"),
        ({"rendering": {"tokenizer": "."}}, 422, "tokenizer.json is missing"),
        ({"rendering": {"masks": {"undecided": 2}}}, 422, "less than or equal to 1"),
        ({"rendering": {"system": "a\u0000"}}, 422, "NUL"),
        ({"rows": 1000}, 422, "less than or equal to 100"),
        ({"row": "nobody"}, 404, "No row is called 'nobody'"),
        ({"rendering": {"max_seq_length": 8}, "rows": 0}, 200, "fits"),
    ],
)
def test_what_cannot_be_looked_at_is_refused_in_a_sentence(
    api: TestClient, frozen: str, body: dict[str, Any], status: int, said: str
) -> None:
    answer = api.post(f"/api/datasets/{frozen}/xray", json=body)

    assert answer.status_code == status, answer.text
    assert said in answer.text
    assert api.post("/api/datasets/none/xray", json={}).status_code == 404


def test_the_terminal_shows_rows_inert_with_proofs_and_a_legend(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    evil = trace(1, prompt="\x1b[2J What is 1 + 1?", final_answer="2")
    file = write_lines(tmp_path / "some.jsonl", [trace(2), evil])
    home.run("traces", "import", file, "--source", "s")
    home.run("datasets", "build", "d", "1")

    shown = home.run("datasets", "xray", "d-1", "--template", "plain", "--policy", "wrong=mask")
    found = home.json("datasets", "xray", "d-1", "--rows", "1")
    short = home.run("datasets", "xray", "d-1", "--max-seq-length", "8")
    bad = home.run("datasets", "xray", "d-1", "--policy", "wrong")

    assert shown.returncode == 0, shown.stderr
    assert "What is 1 + 1?" in shown.stdout
    assert "\x1b[2J" not in shown.stdout
    assert "learned less" in shown.stdout
    assert "the tokens decode to the very text" in shown.stdout
    assert len(found["rows"]) == 1
    assert (short.returncode, "broken by 2" in short.stdout) == (1, True)
    assert (bad.returncode, "The policy 'wrong' is not KEY=VALUE" in bad.stderr) == (1, True)


def test_a_server_is_asked_where_the_data_is_there(tmp_path: Path) -> None:
    there = Home(tmp_path / "there")
    there.run("traces", "import", write_lines(tmp_path / "s.jsonl", [trace(1), trace(2)]))
    there.run("datasets", "build", "d", "1")
    with served(there) as server:
        far = Home(tmp_path / "here").run(
            "datasets", "xray", "d-1", "--json", TUNIX_RT_URL=server.url
        )

    assert json.loads(far.stdout) == there.json("datasets", "xray", "d-1"), far.stderr
