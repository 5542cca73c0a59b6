"""The family's own scorer of reasoning-gym says 1.0, in a process that can be killed.

`data` says which item it is: `{dataset, seed, index, size, config}`, from which the item
is built again exactly, or, for the six families that cannot be built again, `{dataset,
entry}` with the entry as JSON. Partial scores are wrong, and stand in the reason; so is
what a lenient scorer calls right (`strict.py`).
"""

import atexit
from importlib.util import find_spec
from typing import Any

from tunix_rt.kit.apart import Apart, Broke
from tunix_rt.verify.reading.normalising import LIMIT
from tunix_rt.verify.reading.single import verdict
from tunix_rt.verify.reading.unwrapping import unpack
from tunix_rt.verify.schema import Expected, Outcome, Verdict

VERSION = "1"
SECONDS = 5.0
MEMORY = 200 * 2**20
INSTALL = "pip install 'tunix-rt[tasks]'"
REFUSED = {
    "game_of_life_halting": "its scorer calls every text right",
    "composite": "it mixes families; name the item's own",
}
_worker = Apart(
    "tunix_rt.verify.answers.reasoning_gym.worker:score", seconds=SECONDS, memory=MEMORY
)
atexit.register(_worker.close)


def accepts(expected: Expected) -> bool:
    """Whether the expected answer says which item of which family it belongs to."""
    return isinstance(expected.data.get("dataset"), str)


def check(given: str, expected: Expected) -> Verdict:
    """Score what was given as its family does."""
    data = expected.data
    if (problem := _problem(data)) is not None:
        return verdict("reasoning-gym", VERSION, ("undecided", problem))
    if len(given) > LIMIT:
        reason = f"It is longer than {LIMIT} characters."
        return verdict("reasoning-gym", VERSION, ("undecided", reason))
    said = [part.strip() for part in unpack(given)]
    if len(set(said)) > 1:
        return verdict("reasoning-gym", VERSION, ("wrong", "More than one answer is given."))
    if not said[0]:
        return verdict("reasoning-gym", VERSION, ("wrong", "No answer was given."))
    return verdict("reasoning-gym", VERSION, _scored(said[0], expected))


def _scored(said: str, expected: Expected) -> tuple[Outcome, str]:
    data = expected.data
    try:
        found = _worker(data, expected.answer, said)
    except Broke as broke:
        return "undecided", f"The scorer of {data['dataset']} did not answer: {broke}."
    if "problem" in found:
        return "undecided", f"{found['problem']}"
    if "unreadable" in found:
        return "wrong", f"The scorer cannot read it: {found['unreadable']}"
    score, objection = float(found["score"]), found["objection"]
    told = f"The raw score is {score:g}."
    if score == 1.0 and objection:
        return "wrong", f"{objection}. {told}"
    return ("right" if score == 1.0 else "wrong"), told


def _problem(data: dict[str, Any]) -> str | None:
    name = data.get("dataset")
    if not isinstance(name, str):
        return "The expected data names no family of reasoning-gym."
    if name in REFUSED:
        return f"{name} is not judged: {REFUSED[name]}."
    built = all(type(data.get(part)) is int for part in ("seed", "index"))
    if not built and not isinstance(data.get("entry"), dict):
        return "The expected data has neither seed and index nor an entry."
    if find_spec("reasoning_gym") is None:
        return f"reasoning-gym is not installed: {INSTALL}"
    return None
