import asyncio
import threading
import time

import pytest

from tests.runs.test_working import queued, row
from tunix_rt.kit.errors import Broken
from tunix_rt.runs import query
from tunix_rt.runs.waiting import ended
from tunix_rt.store import Store


def test_the_end_of_a_run_is_waited_for(store: Store) -> None:
    run_id = queued(store)

    def cancel() -> None:
        time.sleep(0.2)
        with store.write() as connection:
            query.cancel(connection, run_id)

    threading.Thread(target=cancel).start()

    assert asyncio.run(ended(store, run_id, seconds=30)).status == "cancelled"


def test_a_run_that_does_not_end_is_not_waited_for_for_ever(store: Store) -> None:
    run_id = queued(store)

    with pytest.raises(Broken, match=r"is pending after 0[.]1 seconds; it goes on"):
        asyncio.run(ended(store, run_id, seconds=0.1))

    assert row(store, run_id).status == "pending"
