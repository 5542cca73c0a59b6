"""Words and hashes are the same on any machine, however they are computed."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunix_rt.curate.wording import Vocabulary, chance, chances, masked, number_of, placed, rolled
from tunix_rt.curate.wording import words as words_of


@given(st.text())
def test_words_are_runs_of_letters_digits_and_underscores(text: str) -> None:
    assert words_of(text) == re.findall(r"\w+", text.lower())


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_the_quick_way_for_ascii_gives_the_same_words(text: str) -> None:
    assert words_of(text) == re.findall(r"\w+", text.lower())


@given(st.text())
def test_placed_words_stand_where_they_are_said_to(text: str) -> None:
    for word, start, end in placed(text):
        assert len(text[start:end]) == len(word)
        assert re.fullmatch(r"\w+", word)


def test_hashes_are_what_they_always_were() -> None:
    assert number_of("clips") == 4443817566124119114
    assert chance(1, 0) == 0x910A2DEC89025CC1


@given(st.lists(st.integers(0, 2**64 - 1), max_size=20), st.integers(0, 2**63 - 1))
def test_many_lots_are_drawn_as_one_is(keys: list[int], seed: int) -> None:
    drawn = chances(np.array(keys, np.uint64), seed).tolist()

    assert drawn == [chance(key, seed) for key in keys]


@pytest.mark.parametrize("length", [1, 2, 3, 8, 13, 20])
def test_equal_windows_have_equal_hashes_and_others_do_not(length: int) -> None:
    tokens = np.array([number_of(str(n % 50)) for n in range(130)], np.uint64)

    hashes = rolled(tokens, length).tolist()

    assert len(hashes) == 130 - length + 1
    assert len(set(hashes)) == 50
    assert hashes[:50] == hashes[50:100][: len(hashes[50:100])] + hashes[len(hashes[50:100]) : 50]
    assert len(rolled(tokens[: length - 1], length)) == 0


def test_masked_words_share_a_number() -> None:
    vocabulary = Vocabulary(mask=True)

    first, second, third = vocabulary.tokens(["12", "7", "x"]).tolist()

    assert first == second == number_of("0") != third
    assert masked("12.5 km in 3h") == "0.0 km in 0h"
