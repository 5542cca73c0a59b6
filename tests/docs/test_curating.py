"""What the guide to curation shows is there."""

from pathlib import Path

from tests.docs.reading import ROOT, blocks
from tunix_rt.curate import files
from tunix_rt.curate.staging import stages

GUIDE = (ROOT / "docs" / "guides" / "curating.md").read_text("utf-8")


def test_the_shown_pipeline_is_one(tmp_path: Path) -> None:
    [shown] = blocks(GUIDE, "toml")
    file = tmp_path / "shown.toml"
    file.write_text(shown, "utf-8")

    found = files.read(file)

    assert [one.stage for one in found.stages] == ["verified", "near-dedup", "decontaminate"]


def test_every_stage_stands_in_the_guide() -> None:
    assert [name for name in stages.names() if f"| `{name}` |" not in GUIDE] == []
