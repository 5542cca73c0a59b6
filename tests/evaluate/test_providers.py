"""A model that runs elsewhere, measured like one of ours."""

from pathlib import Path

from tests.cli.running import Home
from tests.generate.serving import serving
from tests.making import write_lines


def test_a_model_of_rediai_is_measured_on_a_suite(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    items = [
        {"id": str(n), "prompt": f"{n}+1", "expected_answer": "4" if n < 2 else "5"}
        for n in range(3)
    ]
    home.json("tasks", "import", write_lines(tmp_path / "s.jsonl", items), "s")
    with serving() as server:
        server.body = b'{"text": "<answer>4</answer>"}'
        real = {"REDIAI_MODE": "real", "REDIAI_BASE_URL": server.url}

        done = home.run("evaluate", "run", "big", "s", "--provider", "rediai", "--json", **real)
        mock = home.run("evaluate", "run", "big", "s", "--provider", "rediai")

    assert done.returncode == 0, done.stderr
    [listed] = home.json("evaluate", "list")
    assert (listed["model_id"], listed["n_correct"], listed["n_items"]) == ("big", 2, 3)
    assert [asked["model"] for _, _, asked in server.asked] == ["big"] * 3
    assert (mock.returncode, "mock mode" in mock.stderr) == (1, True)
