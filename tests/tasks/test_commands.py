"""The terminal door of tasks."""

import json
from pathlib import Path

from tests.cli.running import Home
from tests.making import write_lines


def test_generators_and_families_are_listed(tmp_path: Path) -> None:
    home = Home(tmp_path)

    generators = json.loads(home.inside("tasks", "generators", "--json").stdout)
    families = json.loads(home.inside("tasks", "families", "reasoning-gym", "--json").stdout)

    assert {"arithmetic", "cards", "reasoning-gym"} <= {one["name"] for one in generators}
    assert {"name": "countdown", "worked": True} in families
    assert "countdown" in home.inside("tasks", "families", "reasoning-gym").stdout
    assert "High Card Duel" in home.inside("tasks", "generators").stdout


def test_a_preview_is_read_as_text_or_json(tmp_path: Path) -> None:
    home = Home(tmp_path)
    config = '{"families": ["gcd"]}'

    shown = home.inside("tasks", "preview", "reasoning-gym", "--config", config)
    tasks = json.loads(home.inside("tasks", "preview", "cards", "--seed", "2", "--json").stdout)

    assert shown.stdout.count("gcd: Find the Greatest Common Divisor") == 3
    assert "  compute: " in shown.stdout
    assert [task["meta"]["seed"] for task in tasks] == [2, 2, 2]


def test_tasks_are_written_to_import_and_frozen_to_evaluate_on(tmp_path: Path) -> None:
    home, file = Home(tmp_path / "home"), tmp_path / "tasks.jsonl"
    config = '{"families": ["gcd", "lcm"]}'
    chosen = ("--config", config, "--count", 6)

    home.inside("tasks", "generate", "reasoning-gym", file, *chosen)
    imported = home.inside("traces", "import", file, "--json")
    home.inside("tasks", "suite", "reasoning-gym", "gl", *chosen, "--split", "test")
    items = json.loads(home.inside("tasks", "show", "gl", "--json").stdout)

    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert len(lines) == len({line["prompt"] for line in lines}) == 6
    assert all(line["meta"]["expected_data"]["dataset"] in ("gcd", "lcm") for line in lines)
    assert '"added":6' in imported.stdout
    assert [item["data"]["dataset"] in ("gcd", "lcm") for item in items] == [True] * 6


def test_a_file_of_one_s_own_may_lie_anywhere(tmp_path: Path) -> None:
    file = write_lines(
        tmp_path / "own.jsonl",
        [{"prompt": "1 + 1?", "expected_answer": "2", "split": "test", "id": "mine"}],
    )
    home = Home(tmp_path / "home")
    chosen = ("--config", json.dumps({"path": str(file)}), "--count", 1, "--split", "test")

    home.inside("tasks", "suite", "file", "own", *chosen)

    [item] = json.loads(home.inside("tasks", "show", "own", "--json").stdout)
    assert (item["key"], item["expected"], item["data"]) == ("mine", "2", None)


def test_a_config_that_makes_no_sense_is_one_sentence(tmp_path: Path) -> None:
    home = Home(tmp_path)

    done = home.run("tasks", "preview", "reasoning-gym", "--config", '{"families": ["codeio"]}')

    assert done.returncode == 1
    assert "error: The config of generator 'reasoning-gym' is not valid" in done.stderr
    assert "others each time" in done.stderr
