"""Write docs/reference/*.md from the code itself: python docs/make_reference.py.

Nothing here is typed by hand: commands come from click, settings and recipes from
their models and the words under their fields, plugins from the catalogs.
"""

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel

from tunix_rt.cli.main import app
from tunix_rt.floorplan import PLUGINS
from tunix_rt.kit.catalog import Catalog
from tunix_rt.kit.settings import Settings
from tunix_rt.train.recipes import recipe_schema
from tunix_rt.train.schema import Recipe

FOLDER = Path(__file__).parent / "reference"
MADE = "Made by `python docs/make_reference.py`; a test fails when it is out of date.\n"


def pages() -> dict[str, str]:
    """Every page of the reference, by its file name."""
    return {
        "cli.md": commands(),
        "settings.md": settings(),
        "plugins.md": plugins(),
        "recipe.md": recipe(),
        "recipe.schema.json": json.dumps(recipe_schema(), indent=2) + "\n",
    }


def commands() -> str:
    """Every command of the program with its arguments and options."""
    parts = ["# The command line", MADE, "Every command takes `-h` and `--help`.\n"]
    for path, command in walk(app, ("tunix-rt",)):
        if isinstance(command, click.Group):
            continue
        arguments = [p for p in command.params if isinstance(p, click.Argument)]
        options = [p for p in command.params if isinstance(p, click.Option)]
        words = [*path, *(["[OPTIONS]"] if options else []), *map(_argument, arguments)]
        parts += [f"## {' '.join(path)}\n", f"    {' '.join(words)}\n", _help(command)]
        if options:
            rows = [(_code(", ".join(_spellings(o))), _kind_of(o), o.help or "") for o in options]
            parts.append(_table(("option", "value", "what it says"), rows))
    return _page(parts)


def walk(
    command: click.Command, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command below `command`, and itself."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from walk(inner, (*path, name))


def settings() -> str:
    """Every setting of the machine."""
    schema, words = Settings.model_json_schema(by_alias=False), said_of(Settings)
    rows = []
    for name, field in schema["properties"].items():
        choices = Settings.model_fields[name].validation_alias
        variable = str(getattr(choices, "choices", [name])[0])
        default = _default(field) if "default" in field else "the user's data directory"
        rows.append((_code(variable), kind(field, {}), default, words.get(name, _plain(name))))
    return _page(
        [
            "# Settings",
            MADE,
            "Environment variables, read once by the doors. A bad value stops the start with its "
            "name\nand the reason. What a run needs is not a setting: it is the run's config.\n",
            _table(("variable", "value", "default", "what it says"), rows),
        ]
    )


def plugins() -> str:
    """Every plugin of every kind, with the config it takes."""
    parts = ["# Plugins", MADE, "A plugin is a module in a folder; its file name is its name.\n"]
    for folder, function in PLUGINS.items():
        catalog = Catalog[Any](f"tunix_rt.{folder}", kind=folder)
        parts.append(f"## {folder} (`{function}`)\n")
        rows = [(_code(name), catalog.summary(name)) for name in catalog.names()]
        parts.append(_table(("name", "what it is"), rows))
        for name in catalog.names():
            config = getattr(catalog.load(name), "Config", None)
            if config is not None:
                parts += [f"`{name}` takes:\n", fields(config)]
    return _page(parts)


def recipe() -> str:
    """Every key of a recipe, table by table."""
    schema = Recipe.model_json_schema()
    parts = [
        "# Recipes",
        MADE,
        "A recipe is the complete configuration of a training run, as a TOML file. With the "
        "dataset\nand the machine it decides every bit of the result. `tunix-rt train run "
        "RECIPE --set KEY=VALUE`\nreplaces single keys: `--set optimizer.name=adamw`.\n",
        "## Top level\n",
        fields(Recipe),
    ]
    for name, field in Recipe.model_fields.items():
        for model in tables(field.annotation):
            about = (inspect.getdoc(model) or "").partition("\n")[0]
            parts += [f"## [{name}]: {model.__name__}\n", f"{about}\n", fields(model)]
    assert schema["additionalProperties"] is False
    parts.append("An unknown key is refused, with the nearest known one as a suggestion.\n")
    return _page(parts)


def tables(annotation: Any) -> list[type[BaseModel]]:
    """The models inside an annotation: a table of the recipe, or one of several."""
    found = [annotation, *getattr(annotation, "__args__", ())]
    return [one for one in found if isinstance(one, type) and issubclass(one, BaseModel)]


def fields(model: type[BaseModel]) -> str:
    """A model's fields that are values, each with its type, its default and its words."""
    schema, words = model.model_json_schema(), said_of(model)
    rows = []
    for name, field in schema["properties"].items():
        if tables(model.model_fields[name].annotation):
            continue
        default = _default(field) if "default" in field else "required"
        rows.append((_code(name), kind(field, schema), default, words.get(name, "")))
    return _table(("key", "value", "default", "what it says"), rows)


def said_of(model: type[BaseModel]) -> dict[str, str]:
    """The string under each field of a model, on one line."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(tree, ast.ClassDef)
    found = {}
    for field, below in zip(tree.body, tree.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
        ):
            found[field.target.id] = " ".join(str(below.value.value).split())
    return found


def kind(field: dict[str, Any], schema: dict[str, Any]) -> str:
    """What may stand in a field, from its JSON schema."""
    if "$ref" in field:
        return kind(schema["$defs"][field["$ref"].rpartition("/")[2]], schema)
    if "anyOf" in field:
        return " or ".join(kind(one, schema) for one in field["anyOf"])
    if "enum" in field or "const" in field:
        return ", ".join(_code(one) for one in field.get("enum", [field.get("const")]))
    if field.get("type") == "object" and "additionalProperties" in field:
        keys = kind(field.get("propertyNames", {"type": "string"}), schema)
        return f"table of {keys} to {kind(field['additionalProperties'], schema)}"
    bounds = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    limits = [f"{sign} {field[name]:,}" for name, sign in bounds.items() if name in field]
    word = "nothing" if field.get("type") == "null" else str(field.get("type", "value"))
    return " ".join([word, ", ".join(limits)]).strip()


def _spellings(option: click.Option) -> list[str]:
    negative = "/".join(option.secondary_opts)
    return [*option.opts, negative] if negative else list(option.opts)


def _kind_of(option: click.Option) -> str:
    if option.is_flag:
        return ""
    kind_ = option.type
    if isinstance(kind_, click.Choice):
        value = ", ".join(_code(str(one)) for one in kind_.choices)
    elif isinstance(kind_, click.IntRange | click.FloatRange):
        low, high = kind_.min, kind_.max
        limits = [f"≥ {low:,}" if low is not None else "", f"≤ {high:,}" if high else ""]
        value = f"{kind_.name.partition(' ')[0]} {', '.join(filter(None, limits))}"
    else:
        value = option.metavar or kind_.name
    if option.required:
        return f"{value}; required"
    shown = isinstance(option.default, int | float | str) and option.default != ""
    return f"{value}; {_code(str(option.default))}" if shown else value


def _argument(argument: click.Argument) -> str:
    name = str(argument.name).rstrip("_").upper()
    return f"{name}..." if argument.nargs == -1 else name


def _help(command: click.Command) -> str:
    return inspect.cleandoc(command.help or "") + "\n"


def _default(field: dict[str, Any]) -> str:
    value = field["default"]
    if isinstance(value, dict):
        return ", ".join(f"{key} {inner}" for key, inner in value.items())
    return "" if value in ("", None) else _code(str(value).lower() if value is True else str(value))


def _plain(name: str) -> str:
    return name.replace("_", " ").capitalize() + "."


def _code(text: str) -> str:
    return f"`{text}`"


def _table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [columns, ("---",) * len(columns), *rows]
    cells = ([_inert(cell) for cell in line] for line in lines)
    return "".join("| " + " | ".join(line) + " |\n" for line in cells)


def _inert(cell: str) -> str:
    """A cell whose bars and tags Markdown leaves alone."""
    return re.sub(r"(?<!`)<(\w+)>(?!`)", r"`<\1>`", cell.replace("|", "\\|"))


def _page(parts: list[str]) -> str:
    return "\n".join(part if part.endswith("\n") else part + "\n" for part in parts)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, "utf-8")
