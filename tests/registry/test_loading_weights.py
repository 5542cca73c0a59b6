import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.registry.test_loading_shape import NANO
from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading.weights import (
    INDEX,
    LARGEST_HEADER,
    check_weights,
    read_header,
    sha256_of,
)

SMALL = replace(NANO, layers=1)


def write(file: Path, tensors: dict[str, tuple[int, ...]], dtype: str = "F32") -> Path:
    """A safetensors file of zeros, written by hand."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    offset, width = 0, {"F32": 4, "BF16": 2, "I8": 1}[dtype]
    for name, shape in tensors.items():
        size = math.prod(shape) * width
        header[name] = {
            "dtype": dtype,
            "shape": list(shape),
            "data_offsets": [offset, offset + size],
        }
        offset += size
    return write_raw(file, json.dumps(header).encode(), offset)


def write_raw(file: Path, header: bytes, data: int) -> Path:
    file.write_bytes(len(header).to_bytes(8, "little") + header + bytes(data))
    return file


def test_whole_weights_pass(tmp_path: Path) -> None:
    write(tmp_path / "model.safetensors", SMALL.tensors(), "BF16")

    assert check_weights(tmp_path, SMALL) == "BF16"


def test_weights_in_several_files_pass(tmp_path: Path) -> None:
    tensors = list(SMALL.tensors().items())
    write(tmp_path / "model-00001-of-00002.safetensors", dict(tensors[:3]))
    write(tmp_path / "model-00002-of-00002.safetensors", dict(tensors[3:]))

    assert check_weights(tmp_path, SMALL) == "F32"


@pytest.mark.parametrize("cut", [1, 1000])
def test_a_file_cut_in_its_data_is_damaged(tmp_path: Path, cut: int) -> None:
    file = write(tmp_path / "model.safetensors", SMALL.tensors())
    file.write_bytes(file.read_bytes()[:-cut])

    with pytest.raises(BadInput, match=f"damaged: {cut} of its bytes are missing") as caught:
        check_weights(tmp_path, SMALL)

    assert "copy it again" in str(caught.value)


@pytest.mark.parametrize("kept", [0, 5, 8, 100])
def test_a_file_cut_in_its_header_is_damaged(tmp_path: Path, kept: int) -> None:
    file = write(tmp_path / "model.safetensors", SMALL.tensors())
    file.write_bytes(file.read_bytes()[:kept])

    with pytest.raises(BadInput, match="ends inside its header"):
        check_weights(tmp_path, SMALL)


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (b"{", "not JSON"),
        (b"[]", "not a JSON object"),
        (b"[" * 100_000, "not JSON"),
        (b'{"a": 1}', "number format '1'"),
        (b'{"a": {"dtype": "I8", "shape": [1], "data_offsets": [0, 1]}}', "number format 'I8'"),
        (b'{"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}', "makes no sense"),
        (b'{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0]}}', "makes no sense"),
        (b'{"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 0]}}', "makes no sense"),
        (b'{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}', "makes no sense"),
    ],
)
def test_a_header_that_lies_is_refused(tmp_path: Path, header: bytes, sentence: str) -> None:
    file = write_raw(tmp_path / "model.safetensors", header, 4)

    with pytest.raises(BadInput, match=sentence):
        read_header(file)


def test_a_header_longer_than_the_format_allows_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    file.write_bytes((2**63).to_bytes(8, "little") + b"{}")

    with pytest.raises(BadInput, match="ends inside its header"):
        read_header(file)


def test_a_header_larger_than_any_models_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    with file.open("wb") as stream:
        stream.write((LARGEST_HEADER + 1).to_bytes(8, "little"))
        stream.truncate(2 * LARGEST_HEADER)

    with pytest.raises(BadInput, match="its header has 16,777,217 bytes"):
        read_header(file)


def test_a_missing_tensor_is_named(tmp_path: Path) -> None:
    tensors = SMALL.tensors()
    del tensors["model.norm.weight"]
    write(tmp_path / "model.safetensors", tensors)

    with pytest.raises(BadInput, match=r"lack the tensor .model\.norm\.weight."):
        check_weights(tmp_path, SMALL)


def test_a_tensor_of_another_shape_is_named(tmp_path: Path) -> None:
    write(tmp_path / "model.safetensors", SMALL.tensors() | {"model.norm.weight": (17,)})

    with pytest.raises(BadInput, match=r"has the shape \(17,\)"):
        check_weights(tmp_path, SMALL)


def test_mixed_number_formats_are_refused(tmp_path: Path) -> None:
    tensors = list(SMALL.tensors().items())
    write(tmp_path / "a.safetensors", dict(tensors[:3]))
    write(tmp_path / "b.safetensors", dict(tensors[3:]), "BF16")

    with pytest.raises(BadInput, match=r"mix number formats .BF16, F32"):
        check_weights(tmp_path, SMALL)


def test_a_folder_without_safetensors_has_no_weights(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"no \.safetensors file"):
        check_weights(tmp_path, SMALL)


@pytest.mark.parametrize("name", ["pytorch_model.bin", "consolidated.00.pth", "model.pt"])
def test_pickled_weights_are_refused_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x80\x02")

    with pytest.raises(BadInput, match=f"pickled ones .'{name}'.*run code"):
        check_weights(tmp_path, SMALL)


def test_a_tensor_that_tunix_would_leave_out_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "model.safetensors", SMALL.tensors() | {"vision.patch": (2, 2)})

    with pytest.raises(BadInput, match=r"hold a tensor .vision\.patch. that Tunix would leave out"):
        check_weights(tmp_path, SMALL)


def test_a_tensor_in_two_files_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "consolidated.safetensors", SMALL.tensors())
    write(tmp_path / "model.safetensors", SMALL.tensors())

    with pytest.raises(BadInput, match=r"Two weights files.*consolidated\.safetensors"):
        check_weights(tmp_path, SMALL)


def test_a_shard_that_was_not_downloaded_is_named(tmp_path: Path) -> None:
    write(tmp_path / "model-00001-of-00002.safetensors", SMALL.tensors())
    places = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    (tmp_path / INDEX).write_text(json.dumps({"weight_map": places}))

    with pytest.raises(BadInput, match=r"lack the file .model-00002-of-00002.*1 of 2 files"):
        check_weights(tmp_path, SMALL)


@pytest.mark.parametrize("text", ["[]", "{", '{"weight_map": 3}', '{"weight_map": null}'])
def test_an_index_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    write(tmp_path / "model.safetensors", SMALL.tensors())
    (tmp_path / INDEX).write_text(text)

    with pytest.raises(BadInput, match="is no index of weights"):
        check_weights(tmp_path, SMALL)


@pytest.mark.parametrize("offsets", [([0, 4], [0, 4]), ([0, 4], [8, 12]), ([4, 8], [8, 12])])
def test_tensors_that_overlap_or_leave_holes_are_refused(
    tmp_path: Path, offsets: tuple[list[int], list[int]]
) -> None:
    entries = {
        name: {"dtype": "F32", "shape": [1], "data_offsets": place}
        for name, place in zip("ab", offsets, strict=True)
    }
    file = write_raw(tmp_path / "model.safetensors", json.dumps(entries).encode(), 12)

    with pytest.raises(BadInput, match="overlap, or bytes lie between or behind"):
        read_header(file)


def test_a_file_is_hashed_by_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc")

    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256_of(tmp_path / "x") == known
