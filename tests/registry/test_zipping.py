import io
import shutil
import tracemalloc
import zipfile
from pathlib import Path

from fastapi.testclient import TestClient

from tests.registry.test_promoting import completed, family, model_folder, promote, tunix_rt
from tunix_rt.kit.ids import new_id
from tunix_rt.kit.settings import Settings
from tunix_rt.registry import zipping
from tunix_rt.store import Store


def version(api: TestClient, store: Store, folder: Path) -> dict[str, str]:
    made: dict[str, str] = promote(
        api, family(api), completed(store, {"model_folder": str(folder)})
    ).json()
    return made


def test_a_version_is_downloaded_as_the_zip_of_its_files(
    api: TestClient, store: Store, tmp_path: Path
) -> None:
    folder = model_folder(tmp_path / "out", b"w" * 3_000_000)
    (folder / "inner").mkdir()
    (folder / "inner" / "é.txt").write_text("text")
    made = version(api, store, folder)

    answer = api.get(f"/api/models/versions/{made['id']}/download")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert 'filename="m-v1.zip"' in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["config.json", "inner/é.txt", "model.safetensors"]
        assert archive.read("model.safetensors") == b"w" * 3_000_000
    assert api.get(f"/api/models/versions/{made['id']}/download").content == answer.content


def test_what_is_not_there_is_said(
    api: TestClient, store: Store, settings: Settings, tmp_path: Path
) -> None:
    made = version(api, store, model_folder(tmp_path / "out"))
    gone = api.get(f"/api/models/versions/{new_id()}/download")
    assert (gone.status_code, gone.json()["detail"]) == (404, "Version not found")
    assert api.get("/api/models/versions/x/download").status_code == 422

    shutil.rmtree(settings.models / made["sha256"])

    lost = api.get(f"/api/models/versions/{made['id']}/download")
    assert (lost.status_code, "not where they were registered" in lost.json()["detail"]) == (
        503,
        True,
    )


def test_a_zip_is_written_in_constant_memory(tmp_path: Path) -> None:
    folder = model_folder(tmp_path / "out", b"w" * 64 * 1024 * 1024)

    tracemalloc.start()
    size = sum(map(len, zipping.stream(folder)))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert size > 64 * 1024 * 1024
    assert most < 8 * 1024 * 1024


def test_the_command_writes_the_newest_version_or_the_one_that_is_named(
    api: TestClient, store: Store, settings: Settings, tmp_path: Path
) -> None:
    for number in (1, 2):
        folder = model_folder(tmp_path / str(number), b"w" * number)
        tunix_rt(settings, "promote", completed(store, {"model_folder": str(folder)}), "m")
    file = tmp_path / "m.zip"

    for label, words in (((), b"ww"), (("--label", "v1"), b"w")):
        done = tunix_rt(settings, "download", "m", str(file), *label, "--json")
        assert done.exit_code == 0, done.output
        with zipfile.ZipFile(file) as archive:
            assert archive.read("model.safetensors") == words
    assert tunix_rt(settings, "download", "m", str(file), "--label", "v9").exit_code == 1
    assert tunix_rt(settings, "download", "gone", str(file)).exit_code == 1
