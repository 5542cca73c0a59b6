import pytest

from tunix_rt.kit.errors import BadInput, NotFound
from tunix_rt.tasks.generating import generators, read_config, tasks


def test_the_tasks_are_different_and_the_same_every_time() -> None:
    first = list(tasks("arithmetic", None, 0, "train", 2000))
    again = list(tasks("arithmetic", None, 0, "train", 2000))

    assert first == again
    assert len({task.prompt for task in first}) == len({task.key for task in first}) == 2000


def test_more_tasks_begin_with_the_same_ones() -> None:
    few = list(tasks("arithmetic", None, 3, "test", 10))
    many = list(tasks("arithmetic", None, 3, "test", 40))

    assert many[:10] == few


def test_an_exhausted_generator_says_how_many_there_are() -> None:
    config = read_config("arithmetic", {"families": {"mul": 1}, "digits": 1})

    with pytest.raises(
        BadInput, match=r"has \d\d different train tasks .* 1000 were asked"
    ) as caught:
        list(tasks("arithmetic", config, 0, "train", 1000))

    assert caught.value.hint


def test_a_bad_config_is_one_sentence_with_its_place() -> None:
    with pytest.raises(BadInput, match="not valid at digits"):
        read_config("arithmetic", {"digits": 0})


def test_an_unknown_generator_is_not_found() -> None:
    with pytest.raises(NotFound, match="No task generator is called 'astrology'"):
        list(tasks("astrology", None, 0, "train", 1))


def test_arithmetic_is_in_the_catalog_with_a_description() -> None:
    assert "arithmetic" in generators.names()
    assert generators.summary("arithmetic").startswith("Arithmetic with worked steps")
