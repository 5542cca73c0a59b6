from pathlib import Path

import pytest

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.files import write_folder, write_whole


def test_a_file_appears_whole(tmp_path: Path) -> None:
    assert write_whole(tmp_path / "a", [b"1", b"2"]) == 2
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"12")]


@pytest.mark.parametrize("name", ["file/x", "missing/x", "a" * 300])
def test_a_place_that_cannot_be_written_is_said_in_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(BadInput, match="cannot be written"):
        write_whole(tmp_path / name, [b"1"])

    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    count = write_folder(tmp_path / "new", [("a/b", [b"1", b"2"]), ("c", [])])

    assert count == 2
    assert (tmp_path / "new" / "a" / "b").read_bytes() == b"12"
    for bad in ([("../out", [b"x"])], [("/out", [b"x"])], [("a", [b"1"]), ("a", [b"2"])]):
        with pytest.raises(BadInput):
            write_folder(tmp_path / "other", bad)
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
