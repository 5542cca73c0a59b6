"""What runs a chat template, in the process apart: Jinja as transformers sets it up."""

import json
from datetime import date
from functools import lru_cache
from typing import Any

from jinja2 import TemplateError, nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tunix_rt.kit.apart import act_no_more

LONGEST = 4_000_000
"""Characters of a conversation that is written."""


class _Refused(Exception):
    """What a template says with `raise_exception`."""


def write(
    source: str, conversations: list[list[dict[str, str]]], tokens: dict[str, str], day: str
) -> list[dict[str, str]]:
    """Each conversation up to its last message and the turn that opens it, and all of it."""
    _close()
    return [_written(source, messages, tokens, day) for messages in conversations]


def _written(
    source: str, messages: list[dict[str, str]], tokens: dict[str, str], day: str
) -> dict[str, str]:
    try:
        template = _compiled(source)
        told = {**tokens, "tools": None, "documents": None, "strftime_now": _day(day)}
        asked = template.render(messages=messages[:-1], add_generation_prompt=True, **told)
        whole = template.render(messages=messages, add_generation_prompt=False, **told)
    except _Refused as refused:
        return {"error": f"it says {str(refused)[:200]!r}"}
    except (TemplateError, ValueError, TypeError, LookupError, ArithmeticError) as error:
        return {"error": f"{type(error).__name__}: {str(error)[:200]}"}
    if max(len(asked), len(whole)) > LONGEST:
        return {"error": f"it writes more than {LONGEST:,} characters"}
    return {"asked": asked, "whole": whole}


class _Generation(Extension):
    """Transformers' `{% generation %}` block, which marks what a model wrote: its content."""

    tags = {"generation"}

    def parse(self, parser: Any) -> nodes.Node:
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.Scope(body, lineno=line)


@lru_cache(maxsize=8)
def _compiled(source: str) -> Any:
    """The template in the sandbox. What it is offered is what transformers offers."""
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols]
    )
    environment.filters["tojson"] = _to_json
    environment.globals["raise_exception"] = _refuse
    return environment.from_string(source)


@lru_cache(maxsize=1)
def _close() -> None:
    """The second wall, once everything is imported; whoever calls this is a process apart."""
    act_no_more()


def _to_json(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    return json.dumps(
        value,
        ensure_ascii=ensure_ascii,
        indent=indent,
        separators=separators,
        sort_keys=sort_keys,
    )


def _refuse(message: str) -> None:
    raise _Refused(message)


def _day(day: str) -> Any:
    return date.fromisoformat(day).strftime
