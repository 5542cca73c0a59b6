import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from docs.make_numbers import readme
from tests.docs.reading import ROOT, blocks, commands, pattern
from tests.extras import needs

README = (ROOT / "README.md").read_text("utf-8")
MARK = "=== command "


@pytest.mark.jax
@pytest.mark.slow
def test_the_tour_runs_and_prints_what_it_shows(tmp_path: Path) -> None:
    needs("tunix", extra="tunix")
    (console,) = blocks(README, "console")
    tour = list(commands(console))
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    script = "".join(f"echo '{MARK}{i}'\n{command}\n" for i, (command, _) in enumerate(tour))

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        env=os.environ
        | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "TUNIX_RT_HOME": str(tmp_path / "home"),
            "DATABASE_URL": "",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )

    assert done.returncode == 0, done.stdout
    outputs = [part.partition("\n")[2] for part in done.stdout.split(MARK)[1:]]
    for (command, shown), output in zip(tour, outputs, strict=True):
        lines = iter(output.splitlines())
        for line in shown:
            wanted = pattern(line)
            assert any(wanted.fullmatch(said) for said in lines), (
                f"$ {command}\ndoes not print {line!r} (in this order), but\n{output}"
            )


def test_the_python_example_runs() -> None:
    (python,) = blocks(README, "python")

    with redirect_stdout(io.StringIO()) as said:
        exec(compile(python, "README.md", "exec"), {})

    assert said.getvalue().startswith("right ")


def test_every_make_target_it_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = {word.split()[1] for word in README.split("`") if word.startswith("make ")}

    assert {"demo", "test"} <= named
    assert not {target for target in named if f"\n{target}:" not in makefile}


def test_the_numbers_are_those_of_the_newest_results() -> None:
    made = readme(README, ROOT / "benchmarks" / "results")

    assert made == README, "run: python docs/make_numbers.py"


def test_an_empty_folder_of_results_gives_no_numbers(tmp_path: Path) -> None:
    assert "No result is committed yet." in readme(README, tmp_path)


def test_the_newest_result_of_a_benchmark_counts(tmp_path: Path) -> None:
    for day, rate in (("2026-01-02", 2500), ("2026-01-01", 100)):
        result = {"benchmark": "a", "at": day, "commit": "c", "rate": rate, "list": [1]}
        (tmp_path / f"{day}-a.json").write_text(json.dumps(result))

    made = readme(README, tmp_path)

    assert "| a | rate 2,500 | unknown, ? cores | 2026-01-02, c |" in made


def test_a_small_number_keeps_its_figures_and_what_is_deeper_stands_for_what_is_missing(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"off": 1.44e-6, "of": {"one": 2.0}}))
    (tmp_path / "b.json").write_text(
        json.dumps({"delay_ms": {"p95": 149}, "machine": {"cores": 2}})
    )
    (tmp_path / "c.json").write_text(json.dumps({"results": [1]}))

    made = readme(README, tmp_path)

    assert "| a | off 1.4e-06 |" in made
    assert "| b | delay ms: p95 149 |" in made
    assert "| c | a table, in its file |" in made
