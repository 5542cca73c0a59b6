"""Ask a provider for completions: one per prompt, in the order of the prompts."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from tunix_rt.generate.schema import Completion, Sampling
from tunix_rt.kit.catalog import Catalog
from tunix_rt.kit.errors import BadInput, Broken
from tunix_rt.kit.paths import confined
from tunix_rt.kit.settings import Settings


class Provider(Protocol):
    """What a module in `generate/providers` provides."""

    Config: type[BaseModel]

    # and, where settings of this machine matter, `defaults(settings)`: a part of the config;
    # where the config names folders, `FOLDERS`: those keys; where it computes on this machine's
    # accelerator, `DEVICE`: which one a run has for itself

    def complete(
        self, prompts: Sequence[str], sampling: Sampling, config: Any
    ) -> Iterator[Completion]:
        """One completion per prompt, in order, handed over as they are ready."""
        ...


def told(provider: str, given: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """The config of a provider: what is `given`, over what this machine's settings say."""
    defaults = getattr(providers.load(provider), "defaults", None)
    return {**(defaults(settings) if defaults else {}), **given}


def confined_config(provider: str, given: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """A provider's config with each folder resolved; `Forbidden` for one outside the roots."""
    named = getattr(providers.load(provider), "FOLDERS", ())
    folders = {name: given[name] for name in named if isinstance(given.get(name), str)}
    return {**given, **{name: str(confined(one, settings)) for name, one in folders.items()}}


def device_of(provider: str) -> str | None:
    """The device that a run which asks this provider has for itself."""
    found: str | None = getattr(providers.load(provider), "DEVICE", None)
    return found


providers = Catalog[Provider]("tunix_rt.generate.providers", kind="provider")


def complete(
    provider: str, prompts: Sequence[str], sampling: Sampling, config: dict[str, Any]
) -> Iterator[Completion]:
    """Yield one completion per prompt. `config` is what the provider's `Config` takes.

    The model is loaded when the first completion is asked for, and freed with
    the iterator.
    """
    plugin = providers.load(provider)
    try:
        typed = plugin.Config.model_validate(config)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "config"
        raise BadInput(
            f"The config of provider {provider!r} is not valid at {place}: {first['msg']}."
        ) from None
    if not prompts:
        return
    given = 0
    for completion in plugin.complete(prompts, sampling, typed):
        given += 1
        yield completion
    if given != len(prompts):
        raise Broken(f"Provider {provider!r} answered {given} of {len(prompts)} prompts.")
