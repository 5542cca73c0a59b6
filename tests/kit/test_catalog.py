import sys

import pytest

from tunix_rt.kit.catalog import Catalog
from tunix_rt.kit.errors import NotFound

FORMATS = Catalog[object]("tunix_rt.traces.formats", kind="trace format")


def test_a_plugin_is_named_by_its_file_with_dashes() -> None:
    assert {"jsonl", "gsm8k", "gsm8k-solutions"} <= set(FORMATS.names())
    assert FORMATS.load("gsm8k-solutions") is sys.modules["tunix_rt.traces.formats.gsm8k_solutions"]


def test_a_name_nobody_has_lists_those_there_are() -> None:
    with pytest.raises(NotFound, match="No trace format is called 'xml'") as error:
        FORMATS.load("xml")

    assert "jsonl" in str(error.value.hint)
