"""What a browser loads: the built web's parts in gzipped kB, each against its budget."""

import re
import subprocess
import sys
from pathlib import Path

from measuring import record

WEB = Path(__file__).parents[1] / "web"
LINE = re.compile(r"\s*(?:ok|OVER)\s+([\d.]+) of (\d+) kB\s+(.+)")


def main() -> None:
    """Read what `npm run budget` prints about the built web."""
    done = subprocess.run(
        ["npm", "run", "--silent", "budget"], cwd=WEB, stdout=subprocess.PIPE, text=True
    )
    parts = {m[3]: [float(m[1]), int(m[2])] for m in map(LINE.match, done.stdout.splitlines()) if m}
    if done.returncode or not parts:
        sys.exit("the web is over budget, or it is not built: make web")
    record(
        "web-size",
        {
            "first_load_scripts_kb": parts["first load, scripts"][0],
            "first_load_styles_kb": parts["first load, styles"][0],
            "largest_page_kb": max(size for name, (size, _) in parts.items() if "page" in name),
            "parts_kb_and_budget": parts,
        },
    )


if __name__ == "__main__":
    main()
