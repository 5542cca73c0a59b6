"""The catalog of templates: how a trace is worded for a model, and its answer read back."""

from typing import Protocol

from tunix_rt.kit.catalog import Catalog
from tunix_rt.rendering.schema_wording import Pieces, Said


class Template(Protocol):
    """What a module in `templates/` provides."""

    def pieces(self, said: Said) -> Pieces:
        """A trace as pieces of text: what is given, and what is learned."""

    def prompt_of(self, prompt: str, system: str | None = None) -> str:
        """What the model is asked."""

    def answer_of(self, text: str) -> str:
        """The answer in what the model wrote; empty when there is none."""


templates = Catalog[Template]("tunix_rt.rendering.templates", kind="template")
template = templates.load
"""One module per way to write a trace as text to train on. To add one, add a file here."""
