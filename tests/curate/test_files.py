"""Pipelines from files, and what is said of wrong ones."""

from pathlib import Path

import pytest

from tunix_rt.curate import files
from tunix_rt.kit.errors import BadInput, TunixError

TOML = """
name = "clean"
filter = "source:gsm8k verdict:right"
seed = 3
limit = 100

[[stages]]
stage = "length"
steps_min = 2

[[stages]]
stage = "verified"
"""
YAML = """
name: clean
filter: source:gsm8k verdict:right
seed: 3
limit: 100
stages:
  - stage: length
    steps_min: 2
  - stage: verified
"""
JSON = """{"name": "clean", "filter": {"source": "gsm8k", "verdict": "right"}, "seed": 3,
"limit": 100,
"stages": [{"stage": "length", "options": {"steps_min": 2}}, {"stage": "verified"}]}"""


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def test_toml_yaml_and_json_mean_the_same(tmp_path: Path) -> None:
    found = [
        files.read(written(tmp_path, name, text))
        for name, text in (("a.toml", TOML), ("b.yaml", YAML), ("c.json", JSON))
    ]

    assert found[0] == found[1] == found[2]
    assert found[0].filter.source == "gsm8k"
    assert found[0].stages[0].options == {"steps_min": 2}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sede = 3", "'sede' is no key of a pipeline. Did you mean seed?"),
        ("seed = -3", "seed: Input should be greater than or equal to 0"),
        ("seed = ", "cannot be read"),
        ("limit = 0", "limit: Input should be greater"),
        ('filter = "steps:many"', "'many' is no number for 'steps'"),
        ('[[stages]]\nstage = "verify"', "no stage 'verify'. Did you mean verified?"),
        (
            '[[stages]]\nstage = "length"\nstep_min = 2',
            "Stage 1 (length): 'step_min' is no option. Did you mean steps_min?",
        ),
        ('[[stages]]\nstage = "length"\nsteps_min = "x"', "Stage 1 (length): steps_min: "),
        ("[[stages]]\nsteps_min = 2", "stages.0.stage"),
        ("stages = 3", "stages"),
    ],
)
def test_what_is_wrong_is_said_with_the_nearest_name(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        files.read(written(tmp_path, "wrong.toml", text))

    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.json", "[1, 2]"),
        ("deep.json", "[" * 100_000),
        ("bomb.yaml", "a: &a [1, 1]\nb: &b [*a, *a]\nstages: *b"),
        ("tag.yaml", "!!python/object/apply:os.system ['true']"),
        ("broken.yaml", "a: [1"),
    ],
)
def test_hostile_files_are_refused(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(BadInput):
        files.read(written(tmp_path, name, text))


def test_files_that_are_no_text_or_are_not_there_are_refused(tmp_path: Path) -> None:
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    written(tmp_path, "large.toml", "#" * 2_000_000)

    with pytest.raises(BadInput, match="larger than"):
        files.read(Path("/dev/zero"))

    wrong = (("bytes", "not UTF-8"), ("large", "larger than"), ("gone", "no pipeline file"))
    for name, said in wrong:
        with pytest.raises(TunixError, match=said):
            files.read(tmp_path / f"{name}.toml")
