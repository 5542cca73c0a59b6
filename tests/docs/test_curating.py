"""What the guide to curation and the guide to adding a stage show is what happens."""

from pathlib import Path
from types import ModuleType

from tests.curate.curating import seen
from tests.docs.reading import ROOT, blocks
from tunix_rt.curate import files
from tunix_rt.curate.schema import Around, Drop
from tunix_rt.curate.staging import stages

GUIDE = (ROOT / "docs" / "guides" / "curating.md").read_text("utf-8")
ADD = (ROOT / "docs" / "add" / "stage.md").read_text("utf-8")


def test_the_shown_pipeline_is_one(tmp_path: Path) -> None:
    [shown] = blocks(GUIDE, "toml")
    file = tmp_path / "shown.toml"
    file.write_text(shown, "utf-8")

    found = files.read(file)

    assert [one.stage for one in found.stages] == ["verified", "near-dedup", "decontaminate"]


def test_every_stage_stands_in_the_guide() -> None:
    assert [name for name in stages.names() if f"| `{name}` |" not in GUIDE] == []


def test_the_shown_stage_does_what_it_says(tmp_path: Path) -> None:
    code = blocks(ADD, "python")[0]
    module = ModuleType("questions")
    exec(compile(code, "questions.py", "exec"), module.__dict__)
    around = Around(0, tmp_path, lambda _: [], lambda _: [], lambda _: {})

    judge = module.begin(module.Config(), around)

    assert judge(seen(prompt="How many?")) is None
    said = judge(seen(prompt="How many? And why?"))
    assert said == Drop("several questions", {"questions": 2, "most": 1})
