"""Axolotl does not install beside the others: its documented loader, written down, reads the file.

It takes each segment's `label` and `text`, encodes the texts one after another without special
tokens, and masks those whose label is false.
"""

from tests.rendering.rows import records, row, steps

IGNORED = -100


def tokenized(segments: list[dict[str, object]]) -> tuple[list[int], list[int]]:
    """Ids and labels, a byte a token, by the rule above."""
    ids: list[int] = []
    labels: list[int] = []
    for segment in segments:
        assert segment.keys() == {"label", "text"}
        assert isinstance(segment["label"], bool)
        found = list(str(segment["text"]).encode())
        ids += found
        labels += found if segment["label"] else [IGNORED] * len(found)
    return ids, labels


def test_the_prompt_is_read_and_the_response_learned() -> None:
    [record] = records("axolotl-segments", [row(1)])

    ids, labels = tokenized(record["segments"])

    learned = bytes(one for one in labels if one != IGNORED).decode()
    assert bytes(ids).decode() == f"What is 1 + 1?\n{learned}"
    assert learned == "<think>\n1 + 1 = 2\nSo it is 2.\n</think>\n\n2"


def test_a_wrong_step_is_read_and_not_learned() -> None:
    [record] = records("axolotl-segments", [row(1, steps=steps("good", "bad"), first_error=1)])

    ids, labels = tokenized(record["segments"])

    assert b"bad" in bytes(ids)
    assert bytes(one for one in labels if one != IGNORED).decode() == "<think>\ngood"
