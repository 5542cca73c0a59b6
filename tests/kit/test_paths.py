from pathlib import Path

import pytest

from tunix_rt.kit.errors import Forbidden
from tunix_rt.kit.paths import confined
from tunix_rt.kit.settings import Settings


def test_a_path_under_the_data_folder_is_allowed(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, allowed_roots="")

    assert confined("out/model", settings) == tmp_path.resolve() / "out" / "model"


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../x", "link/x", "a\0b"])
def test_a_path_that_leaves_the_roots_is_refused(tmp_path: Path, path: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "link").symlink_to("/tmp")

    with pytest.raises(Forbidden):
        confined(path, Settings(home=home, allowed_roots=""))


def test_more_roots_can_be_allowed(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", allowed_roots=f"{tmp_path / 'a'}:{tmp_path / 'b'}")

    assert confined(str(tmp_path / "b" / "x"), settings) == (tmp_path / "b" / "x").resolve()


def test_a_tilde_is_a_name_like_any_other(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, allowed_roots="")

    assert confined("~nosuchuser/x", settings) == tmp_path.resolve() / "~nosuchuser" / "x"


def test_a_circle_of_symlinks_is_refused(tmp_path: Path) -> None:
    (tmp_path / "round").symlink_to(tmp_path / "round")

    with pytest.raises(Forbidden, match="cannot be followed"):
        confined("round/x", Settings(home=tmp_path, allowed_roots=""))


def test_a_name_that_no_file_system_takes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Forbidden, match="cannot be followed"):
        confined("x" * 300, Settings(home=tmp_path, allowed_roots=""))
