"""Documentation can fail: the reference is current, links lead somewhere, commands exist."""

import json
import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

from docs.make_reference import FOLDER, pages, walk
from tests.docs.reading import DOCUMENTS, ROOT, links
from tunix_rt.cli.main import app
from tunix_rt.floorplan import PLUGINS
from tunix_rt.kit.catalog import Catalog
from tunix_rt.kit.settings import Settings

KNOWN = {" ".join(path): command for path, command in walk(app, ("tunix-rt",))}
MACHINE = re.compile(r"(?<![\w.~])/(?:home|root|Users|tmp|work|mnt|opt|var)/[\w.]+|[A-Z]:\\\\")

every_document = pytest.mark.parametrize(
    "path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT))
)


@pytest.mark.parametrize("name", pages())
def test_the_reference_is_current(name: str) -> None:
    written = (FOLDER / name).read_text("utf-8") if (FOLDER / name).exists() else ""

    assert written == pages()[name], "run: python docs/make_reference.py"


def test_every_command_setting_and_plugin_is_documented() -> None:
    text = "".join(pages().values())

    commands = [name for name, c in KNOWN.items() if not isinstance(c, click.Group)]
    settings = [str(f.validation_alias.choices[0]) for f in Settings.model_fields.values()]  # type: ignore[union-attr]
    plugins = [n for folder in PLUGINS for n in Catalog[object](f"tunix_rt.{folder}", "").names()]
    assert [name for name in commands if f"## {name}\n" not in text] == []
    assert [name for name in [*settings, *plugins] if f"`{name}`" not in text] == []


@every_document
def test_every_link_inside_the_repository_leads_somewhere(path: Path) -> None:
    local = [link for link in links(path.read_text("utf-8")) if "://" not in link]
    broken = [
        link
        for link in local
        if not link.startswith("#") and not (path.parent / link.partition("#")[0]).exists()
    ]

    assert broken == []


@every_document
def test_no_document_names_a_path_of_a_machine(path: Path) -> None:
    assert MACHINE.findall(path.read_text("utf-8")) == []


@every_document
def test_every_command_a_document_shows_exists_with_its_options(path: Path) -> None:
    for line in shown(path.read_text("utf-8")):
        words = line.split()
        depth = max(n for n in range(1, len(words) + 1) if " ".join(words[:n]) in KNOWN)
        command = KNOWN[" ".join(words[:depth])]
        if isinstance(command, click.Group):
            rest = words[depth:]
            assert not rest or rest[0].startswith("-") or rest[0].isupper(), line
            continue
        options = {o for p in command.params if isinstance(p, click.Option) for o in p.opts}
        options |= {o for p in command.params for o in p.secondary_opts} | {"--help", "-h"}
        used = {word.partition("=")[0] for word in words if word.startswith("-") and word != "-"}
        assert used <= options, line


def test_every_document_can_be_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    ahead = [ROOT / "README.md"]
    while ahead:
        path = ahead.pop()
        seen.add(path)
        for link in links(path.read_text("utf-8")):
            there = (path.parent / link.partition("#")[0]).resolve()
            if there.suffix == ".md" and there not in seen and there.is_file():
                ahead.append(there)

    assert sorted(str(p.relative_to(ROOT)) for p in DOCUMENTS if p not in seen) == []


def test_decisions_are_numbered_without_a_gap_and_say_why_and_what_they_cost() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))

    numbers = [int(path.name[:4]) for path in decisions]
    assert numbers == list(range(1, len(numbers) + 1))
    for path in decisions:
        text = path.read_text("utf-8")
        assert text.startswith(f"# {path.name[:4]} "), path.name
        for part in ("**Decision.**", "**Why.**", "**Cost.**"):
            assert part in text, f"{path.name} has no {part}"


def test_every_dependency_has_a_line_that_says_what_it_is_for() -> None:
    text = (ROOT / "docs" / "decisions" / "0017-dependencies.md").read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *(one for extra in extras for one in extra)]
    web = json.loads((ROOT / "web" / "package.json").read_text("utf-8"))

    names = {re.split(r"[\[<>=;]", one)[0] for one in wanted}
    names |= {*web["dependencies"], *web["devDependencies"]}
    assert [name for name in sorted(names) if name not in text] == []


def shown(text: str) -> list[str]:
    """Every `tunix-rt ...` a document shows: lines of blocks and words in backticks."""
    lines = re.findall(r"^(?:    |\$ )?(tunix-rt .*)$", text, re.MULTILINE)
    quoted = re.findall(r"(?<!`)`(tunix-rt [^`\n]+)`", text)
    whole = [re.sub(r"\$\([^)]*\)", "VALUE", one) for one in [*lines, *quoted]]
    cut = [re.split(r"\s(?:\||&&|>|#)\s", one)[0] for one in whole]
    return [" ".join(shlex.split(one.replace("[", "").replace("]", ""))) for one in cut]
