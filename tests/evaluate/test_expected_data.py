"""What a task's generator kept for the verifier goes through the suite to the verdict."""

import msgspec

from tests.evaluate.test_evaluating import begun
from tests.extras import needs
from tunix_rt.evaluate import query
from tunix_rt.evaluate.evaluating import evaluate
from tunix_rt.evaluate.schema import EvaluateConfig
from tunix_rt.store import Store
from tunix_rt.tasks import suites
from tunix_rt.tasks.generating import read_config, tasks


def test_a_puzzle_with_several_answers_is_judged_by_its_family(store: Store) -> None:
    needs("reasoning_gym", extra="tasks")
    config = read_config("reasoning-gym", {"families": ["jugs"]})
    made = list(tasks("reasoning-gym", config, 0, "train", 3))
    suites.from_tasks(store, "jugs", {}, made)
    first, second, _ = made
    longer = msgspec.json.decode(first.expected, type=list[str])
    longer = ["fill A", "empty A", *longer]
    said = {first.key: msgspec.json.encode(longer).decode(), second.key: '["fill A"]'}
    lines = (
        msgspec.json.encode({"id": key, "prediction": text}) + b"\n" for key, text in said.items()
    )
    sha256, _ = store.blobs.put(lines)
    wanted = EvaluateConfig(suite="jugs", model_id="m", predictions=sha256)

    row = evaluate(begun(store, wanted), wanted)

    with store.read() as connection:
        items = query.items(connection, row.id, limit=10)
    outcomes = {item.item: item.outcome for item in items}
    assert [outcomes[task.key] for task in made] == ["right", "wrong", "missing"]
