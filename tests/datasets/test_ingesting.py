from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.making import trace, write_lines
from tunix_rt.api.app import create_app
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store


def ingest(api: TestClient, path: object, source: str = "s") -> tuple[int, dict[str, object]]:
    answer = api.post("/api/datasets/ingest", json={"path": str(path), "source_name": source})
    return answer.status_code, answer.json()


@pytest.fixture
def inside(settings: Settings) -> Path:
    folder = settings.home / "in"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_a_file_under_the_data_folder_is_taken_in_once(api: TestClient, inside: Path) -> None:
    write_lines(inside / "a.jsonl", [trace(1), "nonsense", trace(2), trace(1)])
    write_lines(inside / "b.jsonl", [trace(2), trace(3)])

    status, first = ingest(api, "in/a.jsonl", "mine")
    _, again = ingest(api, inside / "a.jsonl")
    _, second = ingest(api, "in/b.jsonl")

    assert (status, first["ingested_count"]) == (201, 2)
    assert again == first
    ids, more = first["trace_ids"], second["trace_ids"]
    assert isinstance(ids, list)
    assert isinstance(more, list)
    assert more[0] == ids[1]
    listed = api.get("/api/traces?source=mine").json()["data"]
    assert {row["id"] for row in listed} == set(ids)
    assert len(api.get("/api/traces").json()["data"]) == 3
    prompts = [api.get(f"/api/traces/{i}").json()["payload"]["prompt"] for i in ids]
    assert prompts == ["What is 1 + 1?", "What is 2 + 1?"]


def test_a_file_of_another_known_format_is_taken_in(api: TestClient, inside: Path) -> None:
    write_lines(inside / "g.jsonl", [{"question": "1+1?", "answer": "1+1=<<1+1=2>>2\n#### 2"}])

    status, found = ingest(api, "in/g.jsonl")

    assert (status, found["ingested_count"]) == (201, 1)


def test_a_path_outside_the_roots_is_refused_also_through_a_link(
    api: TestClient, inside: Path, tmp_path: Path
) -> None:
    outside = write_lines(tmp_path / "secret.jsonl", [trace(1)])
    (inside / "link.jsonl").symlink_to(outside)

    for path in (outside, "in/link.jsonl", "../secret.jsonl", "/etc/passwd"):
        assert ingest(api, path)[0] == 403, path


def test_more_folders_can_be_allowed(
    store: Store, settings: Settings, inside: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "shared"
    outside.mkdir()
    write_lines(outside / "a.jsonl", [trace(1)])
    roots = f"{settings.home}:{outside}"
    app = create_app(store, settings.model_copy(update={"allowed_roots": roots}))

    status, _ = ingest(TestClient(app, base_url="http://localhost"), outside / "a.jsonl")

    assert status == 201


def test_what_holds_no_trace_is_a_bad_request(api: TestClient, inside: Path) -> None:
    (inside / "empty.jsonl").write_text("")
    write_lines(inside / "bad.jsonl", [trace(1, steps=[])])
    (inside / "bytes.bin").write_bytes(b"\xff\x00" * 100)

    for path in ("in/gone.jsonl", "in", "in/empty.jsonl", "in/bad.jsonl", "in/bytes.bin"):
        status, said = ingest(api, path)
        assert status == 400, (path, said)
    assert ingest(api, "x" * 5000)[0] == ingest(api, "")[0] == 422
    assert ingest(api, "in/" + "x" * 300)[0] == 403
    assert ingest(api, "in/a\0b")[0] == 422
