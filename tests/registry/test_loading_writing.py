import json
from pathlib import Path
from typing import Any

import pytest

from tests.extras import loaded, needs
from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading import writing

needs("safetensors", extra="tunix")


def arrays() -> dict[str, Any]:
    import numpy as np

    random = np.random.default_rng(0)
    names = ("model.norm.weight", "model.layers.10.a", "model.layers.2.a", "lm_head.weight")
    return {name: random.normal(size=(3, n)).astype(np.float32) for n, name in enumerate(names, 4)}


def tensors() -> dict[str, writing.Tensor]:
    return {name: writing.held(array) for name, array in arrays().items()}


def test_a_file_is_the_one_that_the_library_writes(tmp_path: Path) -> None:
    library = loaded("safetensors.numpy", extra="tunix")
    library.save_file(arrays(), tmp_path / "theirs", metadata={"format": "pt"})

    writing.write_weights(tmp_path, tensors(), writing.layouts_for(tensors()))

    assert (tmp_path / "model.safetensors").read_bytes() == (tmp_path / "theirs").read_bytes()


def test_shards_hold_everything_once_and_are_no_larger_than_asked(tmp_path: Path) -> None:
    layouts = writing.layouts_for(tensors(), 120)

    writing.write_weights(tmp_path, tensors(), layouts)

    index = json.loads(writing.index_of(tensors(), layouts) or "")
    held = [name for layout in layouts for name in layout.tensors]
    assert sorted(held) == sorted(arrays()) == sorted(index["weight_map"])
    assert layouts[0].name == "model-00001-of-00003.safetensors"
    for layout in layouts:
        assert sum(tensors()[name].size for name in layout.tensors) <= 120
    again = writing.stored(tmp_path)
    for name, array in arrays().items():
        assert b"".join(again[name].read()) == array.tobytes()


def test_a_header_that_others_wrote_their_way_is_kept(tmp_path: Path) -> None:
    array = arrays()["model.norm.weight"]
    entry = {"data_offsets": [0, array.nbytes], "shape": [3, 4], "dtype": "F32"}
    header = json.dumps({"x": entry, "__metadata__": {"by": "hand"}}, indent=1).encode()
    source = tmp_path / "source"
    source.mkdir()
    body = len(header).to_bytes(8, "little") + header + array.tobytes()
    (source / "model.safetensors").write_bytes(body)

    layouts = writing.layouts_of(source, {"x": writing.held(array)})
    assert layouts is not None
    writing.write_weights(tmp_path, {"x": writing.held(array)}, layouts)

    assert (tmp_path / "model.safetensors").read_bytes() == body


def test_tensors_of_another_shape_get_files_of_their_own(tmp_path: Path) -> None:
    writing.write_weights(tmp_path, tensors(), writing.layouts_for(tensors()))
    other = {name: writing.held(array[:1]) for name, array in arrays().items()}

    assert writing.layouts_of(tmp_path, other) is None
    assert writing.layouts_of(tmp_path, dict(list(tensors().items())[:2])) is None


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    def broken() -> Any:
        yield b"half"
        raise OSError("no space")

    (tmp_path / "model.safetensors").write_bytes(b"before")
    bad = {"x": writing.Tensor("F32", (4,), broken)}

    with pytest.raises(OSError, match="no space"):
        writing.write_weights(tmp_path, bad, writing.layouts_for(bad))

    assert [path.name for path in tmp_path.iterdir()] == ["model.safetensors"]
    assert (tmp_path / "model.safetensors").read_bytes() == b"before"


@pytest.mark.parametrize(
    ("text", "size"), [("5GB", 5 * 10**9), ("500 mb", 5 * 10**8), ("20KiB", 20_480)]
)
def test_a_size_is_read(text: str, size: int) -> None:
    assert writing.size_of(text) == size


@pytest.mark.parametrize("text", ["", "5", "GB", "-1GB", "1.5GB", "9" * 20 + "GB", "five GB"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="no size"):
        writing.size_of(text)
