import math
from pathlib import Path

import pytest

from tests.cli.running import Home
from tests.extras import needs

pytestmark = pytest.mark.jax
needs("tunix", extra="tunix")


def test_steps_are_timed_for_every_size_and_layout(tmp_path: Path) -> None:
    found = Home(tmp_path).json(
        *("bench", "train", "--size", "nano", "--width", 64, "--batch-tokens", 256),
        *("--steps", 2, "--layout", "padded", "--layout", "packed", "--precision", "bfloat16"),
    )

    assert found["machine"]["cores"] >= 1
    padded, packed = found["results"]
    assert (padded["layout"], packed["layout"]) == ("padded", "packed")
    assert packed["useful_share"] > 0.9 > padded["useful_share"] > 0.1
    for one in (padded, packed):
        assert one["shapes"] == [[4, 64]]
        assert one["compile_seconds"] > 0
        assert one["peak_memory_bytes"] > 10**7
        share = one["useful_tokens_per_second"] / one["tokens_per_second"]
        assert math.isclose(share, one["useful_share"])
        assert math.isclose(one["mfu"], one["tflops"] / one["ceiling_tflops"])


def test_a_device_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    done = Home(tmp_path).run("bench", "train", "--device", "tpu")

    assert done.returncode == 1
    assert "There is no tpu here" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_measurement_has_the_memory_of_the_one_before_it(tmp_path: Path) -> None:
    found = Home(tmp_path).json(
        *("bench", "train", "--size", "small", "--size", "nano", "--width", 16, "--steps", 2),
        *("--batch-tokens", 16, "--layout", "padded"),
    )

    large, small = (one["peak_memory_bytes"] for one in found["results"])
    assert large > small + 4 * 2 * found["results"][0]["parameters"]
