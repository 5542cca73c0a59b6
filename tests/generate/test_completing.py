import pytest
from pydantic import ValidationError

from tunix_rt.generate.completing import complete, providers
from tunix_rt.generate.schema import Sampling
from tunix_rt.kit.errors import BadInput, NotFound


def test_the_providers_are_listed_with_a_description() -> None:
    assert providers.names() == ["jax", "openai", "rediai"]
    assert "model folder" in providers.summary("jax").lower()


def test_an_unknown_provider_is_not_found() -> None:
    with pytest.raises(NotFound, match="No provider is called 'oracle'"):
        list(complete("oracle", ["?"], Sampling(), {}))


def test_a_bad_config_is_one_sentence_with_its_place() -> None:
    with pytest.raises(BadInput, match="'jax' is not valid at batch_size"):
        list(complete("jax", ["?"], Sampling(), {"model": "somewhere", "batch_size": 0}))


def test_no_prompts_need_no_model() -> None:
    assert list(complete("jax", [], Sampling(), {"model": "absent"})) == []


@pytest.mark.parametrize(
    "given", [{"temperature": -1}, {"top_p": 0}, {"max_new_tokens": 0}, {"top_k": 5}]
)
def test_sampling_that_makes_no_sense_is_refused(given: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Sampling.model_validate(given)
