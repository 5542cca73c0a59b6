import json

from tests.making import trace
from tunix_rt.traces.formats import jsonl
from tunix_rt.traces.schema import ReasoningTrace


def test_what_is_written_is_read_back_the_same() -> None:
    lines = [json.dumps(trace(i)).encode() for i in range(3)]
    read = [found[1] for found in jsonl.read(enumerate(lines, 1), "a") if isinstance(found, tuple)]

    written = list(jsonl.write(read))
    again = [f[1] for f in jsonl.read(enumerate(written, 1), "a") if isinstance(f, tuple)]

    assert again == read
    assert all(isinstance(one, ReasoningTrace) for one in read)


def test_unknown_fields_are_ignored() -> None:
    line = json.dumps({**trace(1), "extra": 1}).encode()

    [found] = jsonl.read([(1, line)], "a")

    assert isinstance(found, tuple)
    assert not hasattr(found[1], "extra")
