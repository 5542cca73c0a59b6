"""The catalog of templates: how a trace is worded for a model, and its answer read back."""

from collections.abc import Sequence
from typing import Protocol

from tunix_rt.kit.catalog import Catalog
from tunix_rt.rendering.schema import Rendered


class Template(Protocol):
    """What a module in `templates/` provides."""

    def render(self, prompt: str, steps: Sequence[str], answer: str) -> Rendered:
        """A trace as prompt and response."""

    def prompt_of(self, prompt: str) -> str:
        """What the model is asked."""

    def answer_of(self, text: str) -> str:
        """The answer in what the model wrote; empty when there is none."""


templates = Catalog[Template]("tunix_rt.rendering.templates", kind="template")
template = templates.load
