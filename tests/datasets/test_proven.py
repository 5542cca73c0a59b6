"""A version that is frozen with a rendering: every promise holds, or there is no version."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.datasets.test_freezing import build
from tests.extras import needs
from tests.making import stored, trace
from tunix_rt.datasets import freezing, query, reading
from tunix_rt.datasets.commands import app
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.settings import Settings
from tunix_rt.rendering.proofs import proven
from tunix_rt.rendering.schema_options import Rendering
from tunix_rt.store import Store
from tunix_rt.store.session import Session

needs("tokenizers", extra="tunix")

THINK = {"template": "think", "max_seq_length": 256}


def test_the_proofs_and_the_first_batch_stand_in_the_manifest(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(i) for i in range(40)])

    frozen = freezing.freeze(
        store, build(limit=40, splits={"train": 0.8, "test": 0.2}, rendering=THINK)
    )

    assert frozen.rendering is not None
    assert frozen.rendering.proofs.ok
    assert frozen.rendering.overridden == []
    assert reading.manifest(store, "d-1").rendering == frozen.rendering
    again = proven(list(reading.rows(store, "d-1")), Rendering.model_validate(THINK))
    assert again.first_batch_sha256 == frozen.rendering.first_batch_sha256
    assert again.proofs.numbers.rows == frozen.splits[0].rows


def test_a_broken_proof_refuses_the_version_unless_it_is_named(
    store: Store, tmp_path: Path
) -> None:
    stored(store, tmp_path, [trace(i) for i in range(10)])
    short = {**THINK, "max_seq_length": 8}

    with pytest.raises(BadInput, match="10 of 10 rows break the proof 'fits'"):
        freezing.freeze(store, build(rendering=short))
    with store.read() as connection:
        assert query.build_of(connection, "d-1") is None
    assert [path for path in store.blobs.folder.rglob("*") if path.is_file()] == []

    cut = {**THINK, "max_seq_length": 24, "too_long": "cut"}
    despite = ("fits", "answer", "end_trained", "text", "reasoning", "trained")
    frozen = freezing.freeze(store, build(rendering=cut, despite=despite))
    assert frozen.rendering is not None
    assert "answer" in frozen.rendering.overridden


def test_the_command_line_names_the_rendering(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    stored(store, tmp_path, [trace(i) for i in range(10)])
    session = Session(settings)

    def typed(*words: str) -> Any:
        return CliRunner().invoke(app, ["build", "d", *words, "--json"], obj=session)

    done = typed("1", "--template", "think", "--max-seq-length", "256", "--policy", "wrong=mask")
    bad = typed("2", "--template", "nothing")
    alone = typed("3", "--despite", "fits")
    session.store.close()

    assert json.loads(done.stdout)["trace_count"] == 10
    version = reading.version(store, "d-1")
    assert version.rendering is not None
    assert version.rendering.rendering.masks.wrong == "mask"
    assert "No template is called 'nothing'" in str(bad.exception)
    assert "no proof to break" in str(alone.exception)
