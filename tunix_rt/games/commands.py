"""tunix-rt games: play card games whose chances can be counted, for traces."""

import click

from tunix_rt.games import playing, ungar
from tunix_rt.games.schema import Play
from tunix_rt.kit.terminal import emit_json, json_option, line, table
from tunix_rt.store.session import Session, pass_session


@click.group("games")
def app() -> None:
    """Card games, played by an engine and written as traces with exact odds."""


@app.command()
@json_option
def status(as_json: bool) -> None:
    """Say whether the UNGAR engine is installed."""
    found = ungar.status()
    if as_json:
        emit_json(found.model_dump())
    elif found.available:
        line(f"UNGAR {found.version or '(version unknown)'} is installed.")
    else:
        line(f"UNGAR is not installed: {ungar.HINT}")


@app.command("high-card-duel")
@click.option("--count", default=10, type=click.IntRange(1, 100), show_default=True)
@click.option("--seed", type=click.IntRange(-(2**62), 2**62), help="The same seed, the same deals.")
@click.option("--dry-run", is_flag=True, help="Play, and store nothing.")
@json_option
@pass_session
def high_card_duel(
    session: Session, count: int, seed: int | None, dry_run: bool, as_json: bool
) -> None:
    """Play High Card Duel and store each game as a trace."""
    wanted = Play(count=count, seed=seed, persist=not dry_run)
    played = playing.play(session.store, wanted, ungar.Engine())
    if as_json:
        emit_json(played.model_dump())
        return
    table(("trace", "card", "result"), [(p.trace_id, p.my_card, p.result) for p in played.preview])
    line(f"{count} games played, {len(played.trace_ids)} stored")
