"""Laws about the tests themselves, and about the two modules that may import by name."""

import re

from tests.laws.source import ROOT

BY_NAME = {"floorplan.py", "kit/catalog.py", "store/migrations/env.py"}


def test_no_test_patches_what_it_could_be_handed() -> None:
    patched = re.compile(r"unittest[.]mock|monkeypatch[.]setattr")
    guilty = [
        str(path.relative_to(ROOT.parent))
        for path in (ROOT.parent / "tests").rglob("test_*.py")
        if path.name != "test_tests.py" and patched.search(path.read_text("utf-8"))
    ]
    assert not guilty, f"pass the thing as an argument instead of patching it: {guilty}"


def test_only_the_assemblers_import_by_name() -> None:
    guilty = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if "import_module" in path.read_text("utf-8")
    } - BY_NAME
    assert not guilty, f"a named import can be checked, this one cannot: {guilty}"
