"""Retries that do no harm, and failures that say what is wrong."""

import threading

import pytest

from tests.cli.running import Home
from tests.client.serving import Answer, Scripted, Served
from tests.making import trace
from tunix_rt.client import Client, Field, RequestFailed
from tunix_rt.datasets.schema import Build
from tunix_rt.kit.errors import TunixError

HEALTHY: Answer = (200, {}, b'{"status": "healthy"}')
BUILT: Answer = (
    201,
    {},
    b'{"dataset_key": "a-1", "build_id": "b", "trace_count": 1, "manifest_path": "", '
    b'"content_sha256": ""}',
)
BUSY: Answer = (503, {}, b'{"detail": "The disk is full.", "hint": "Make room."}')
GONE: Answer = (0, {}, b"")


def test_a_server_that_is_not_up_yet_is_waited_for(home: Home) -> None:
    server = Served(home)
    starting = threading.Timer(0.7, server.start)
    starting.start()
    try:
        with Client(server.url) as client:
            assert client.server.health() == "healthy"
    finally:
        starting.join()
        server.kill()


def test_nobody_there_is_said_with_a_hint(home: Home) -> None:
    with Client(Served(home).url, patience=0) as client, pytest.raises(RequestFailed) as failed:
        client.server.health()

    assert failed.value.status == 0
    assert "No answer from http://127.0.0.1" in failed.value.detail
    assert "tunix-rt serve" in str(failed.value.hint)
    assert isinstance(failed.value, TunixError)


@pytest.mark.parametrize("trouble", [BUSY, (502, {}, b"<html>"), (504, {}, b""), GONE])
def test_what_only_reads_is_asked_again(trouble: Answer) -> None:
    with Scripted(trouble, trouble, HEALTHY) as server, Client(server.url) as client:
        assert client.server.health() == "healthy"

    assert len(server.asked) == 3


@pytest.mark.parametrize("trouble", [BUSY, GONE])
def test_what_might_have_been_done_is_not_asked_again(
    trouble: Answer,
) -> None:
    with (
        Scripted(trouble, BUILT) as server,
        Client(server.url) as client,
        pytest.raises(RequestFailed),
    ):
        client.datasets.build(Build(dataset_name="a", dataset_version="1"))

    assert len(server.asked) == 1


def test_a_post_with_a_key_is_asked_again_with_the_same_key() -> None:
    created: Answer = (201, {}, b'{"id": "i", "created_at": "t", "trace_version": "1"}')
    with Scripted(GONE, BUSY, created) as server, Client(server.url) as client:
        assert client.traces.post(trace()).id == "i"

    keys = [headers["idempotency-key"] for _, _, headers in server.asked]
    assert len(keys) == 3
    assert len(set(keys)) == 1


def test_a_busy_server_is_asked_again_whatever_was_asked() -> None:
    with Scripted((429, {}, b""), BUILT) as server, Client(server.url) as client:
        client.datasets.build(Build(dataset_name="a", dataset_version="1"))

    assert len(server.asked) == 2


def test_a_server_that_wants_more_time_than_there_is_is_not_asked_again() -> None:
    busy: Answer = (429, {"retry-after": "30"}, b"")
    with (
        Scripted(busy, BUILT) as server,
        Client(server.url, patience=5) as client,
        pytest.raises(RequestFailed),
    ):
        client.datasets.build(Build(dataset_name="a", dataset_version="1"))

    assert len(server.asked) == 1


def test_patience_ends() -> None:
    with (
        Scripted(BUSY) as server,
        Client(server.url, patience=0.5) as client,
        pytest.raises(RequestFailed) as failed,
    ):
        client.server.health()

    assert (failed.value.status, failed.value.detail) == (503, "The disk is full.")
    assert failed.value.hint == "Make room."
    assert 1 < len(server.asked) < 10


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://localhost", "http://[", ""])
def test_an_address_that_is_none_is_said_at_once(url: str) -> None:
    with pytest.raises(RequestFailed) as failed, Client(url) as client:
        client.server.health()

    assert failed.value.status == 0


def test_a_refusal_names_the_fields(client: Client) -> None:
    with pytest.raises(RequestFailed) as failed:
        client.traces.post(trace(prompt="", final_answer=""))

    assert failed.value.status == 422
    assert [one.where for one in failed.value.fields] == ["prompt", "final_answer"]
    assert isinstance(failed.value.fields[0], Field)
    assert "prompt: String should have at least 1 character" in failed.value.detail


def test_a_refusal_gives_the_servers_words_and_hint(client: Client) -> None:
    with pytest.raises(RequestFailed) as failed:
        client.traces.get("00000000-0000-0000-0000-000000000000")

    assert (failed.value.status, failed.value.detail) == (
        404,
        "Trace 00000000-0000-0000-0000-000000000000 not found",
    )


def test_a_bug_of_the_server_is_named_by_its_id() -> None:
    bug: Answer = (500, {}, b'{"detail": "The server met an error.", "error_id": "abc"}')
    with (
        Scripted(bug) as server,
        Client(server.url) as client,
        pytest.raises(RequestFailed) as failed,
    ):
        client.server.health()

    assert failed.value.hint == "The server's log has it under abc."
    assert len(server.asked) == 1
