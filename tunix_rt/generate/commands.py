"""tunix-rt generate: list providers, ask one, see whether RediAI answers."""

from typing import Any

import click

from tunix_rt.generate import health as rediai
from tunix_rt.generate.completing import complete, providers, told
from tunix_rt.generate.schema import Sampling
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.lines import decode_line
from tunix_rt.kit.terminal import emit_json, json_option, line, plain, table
from tunix_rt.store.session import Session, pass_session


@click.group("generate")
def app() -> None:
    """Ask models for answers."""


@app.command("providers")
@json_option
def list_(as_json: bool) -> None:
    """List the places where a model can be asked."""
    known = [{"name": name, "summary": providers.summary(name)} for name in providers.names()]
    if as_json:
        emit_json(known)
    else:
        table(("name", "what it is"), [(p["name"], p["summary"]) for p in known])


@app.command()
@click.argument("provider")
@click.argument("prompt")
@click.option("--model", help="Which model: a folder for jax, a name for rediai.")
@click.option("--max-tokens", default=256, type=click.IntRange(1, 32_768), show_default=True)
@click.option("--temperature", default=0.0, type=click.FloatRange(0, 10), show_default=True)
@click.option("--seed", default=0, type=click.IntRange(0, 2**31 - 1), show_default=True)
@click.option(
    "--config", default="{}", metavar="JSON", help="More of the provider's config, as JSON."
)
@json_option
@pass_session
def ask(
    session: Session,
    provider: str,
    prompt: str,
    model: str | None,
    max_tokens: int,
    temperature: float,
    seed: int,
    config: str,
    as_json: bool,
) -> None:
    """Ask PROVIDER to complete PROMPT, and print what it says."""
    try:
        given = decode_line(config.encode(errors="replace"), dict[str, Any])
    except ValueError as error:
        raise BadInput(f"--config is not a JSON object: {error}.") from None
    if model is not None:
        given["model"] = model
    sampling = Sampling(max_new_tokens=max_tokens, temperature=temperature, seed=seed)
    [said] = complete(provider, [prompt], sampling, told(provider, given, session.settings))
    if as_json:
        emit_json(said.model_dump())
    else:
        click.echo(plain(said.text, lines=True))


@app.command()
@json_option
@pass_session
def health(session: Session, as_json: bool) -> None:
    """Ask RediAI whether it is up; exit code 1 if it is down."""
    found = rediai.check(session.settings)
    if as_json:
        emit_json({"mode": session.settings.rediai_mode, **found.model_dump(exclude_none=True)})
    else:
        where = session.settings.rediai_url if session.settings.rediai_mode == "real" else "mock"
        line(f"{found.status} ({where})" + (f": {found.error}" if found.error else ""))
    if found.status == "down":
        raise SystemExit(1)
