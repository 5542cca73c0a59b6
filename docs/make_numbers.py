"""Write the table of numbers in README.md from benchmarks/results: python docs/make_numbers.py.

The newest result of each benchmark counts; a list or a nested value stays in its file.
"""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- numbers -->\n", "<!-- /numbers -->"
ABOUT = frozenset({"benchmark", "at", "commit", "machine"})


def readme(text: str, results: Path) -> str:
    """The README with its table made anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table(results)}{END}{after}"


def table(results: Path) -> str:
    """One row per benchmark; nothing is invented where nothing was measured."""
    newest = _newest(results)
    if not newest:
        return "No result is committed yet.\n"
    lines = ["| benchmark | measured | on | day, commit |", "|---|---|---|---|"]
    for name, found in sorted(newest.items()):
        machine = found.get("machine", {})
        on = f"{machine.get('cpu', 'unknown')}, {machine.get('cores', '?')} cores"
        day = f"{str(found.get('at', ''))[:10]}, {found.get('commit', 'unknown')}"
        cells = (name, _numbers(found), on, day)
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _newest(results: Path) -> dict[str, dict[str, Any]]:
    newest: dict[str, dict[str, Any]] = {}
    for path in sorted(results.glob("*.json")):
        found = json.loads(path.read_text("utf-8"))
        name = str(found.get("benchmark", path.stem))
        if name not in newest or str(found.get("at", "")) >= str(newest[name].get("at", "")):
            newest[name] = found
    return newest


def _numbers(found: dict[str, Any]) -> str:
    """Those of the first level, or where there are none those of the second."""
    inside = [
        f"{name.replace('_', ' ')}: {_plain(value)}"
        for name, value in found.items()
        if name not in ABOUT and isinstance(value, dict)
    ]
    return _plain(found) or " · ".join(inside) or "a table, in its file"


def _plain(found: dict[str, Any]) -> str:
    shown = [
        f"{name.replace('_', ' ')} {_readable(value)}"
        for name, value in found.items()
        if name not in ABOUT and isinstance(value, int | float) and not isinstance(value, bool)
    ]
    return " · ".join(shown)


def _readable(value: float) -> str:
    """Three places, and of less than a thousandth two figures."""
    return f"{value:.1e}" if 0 < abs(value) < 0.001 else f"{round(value, 3):,}"


if __name__ == "__main__":
    file = ROOT / "README.md"
    made = readme(file.read_text("utf-8"), ROOT / "benchmarks" / "results")
    file.write_text(made, "utf-8")
