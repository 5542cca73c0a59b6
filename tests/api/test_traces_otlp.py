import gzip
import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from tests.traces.test_otel import GEN_AI, INFERRED, PLAIN, attribute, request, span
from tunix_rt.traces import telemetry

JSON, PROTOBUF = "application/json", "application/x-protobuf"
IDS = {"traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b174"}
GOOD = request({**span(**GEN_AI), **IDS}, span(gen_ai__operation__name="invoke_agent"))


def as_protobuf(export: dict[str, Any]) -> bytes:
    """An export request whose ids are given as base64, as protobuf's own JSON has them."""
    return bytes(ParseDict(export, ExportTraceServiceRequest()).SerializeToString())


def send(api: TestClient, body: bytes, kind: str = JSON, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return api.post("/v1/traces", content=body, headers={"content-type": kind, **named})


def stored(api: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get("/api/traces").json()["data"]
    return found


@pytest.mark.parametrize("packed", [False, True])
def test_calls_of_models_are_stored_with_their_service_as_source(
    api: TestClient, packed: bool
) -> None:
    body = json.dumps(GOOD).encode()
    sent = (gzip.compress(body), {"content_encoding": "gzip"}) if packed else (body, {})

    answer = send(api, sent[0], **sent[1])

    assert (answer.status_code, answer.json()) == (200, {})
    assert answer.headers["content-type"] == JSON
    [one] = stored(api)
    assert (one["source"], one["prompt"], one["final_answer"]) == ("otel:shop", "2+2?", "4")


def test_what_is_sent_again_is_stored_once_and_can_be_exported(api: TestClient) -> None:
    for _ in range(2):
        assert send(api, json.dumps(GOOD).encode()).status_code == 200

    assert len(stored(api)) == 1
    line = json.loads(api.get("/api/traces/export?format=otel").content)
    [kept] = line["resourceSpans"][0]["scopeSpans"][0]["spans"]
    assert kept == GOOD["resourceSpans"][0]["scopeSpans"][0]["spans"][0]


def test_protobuf_is_answered_in_protobuf_and_ids_are_hexadecimal(api: TestClient) -> None:
    ids = {"traceId": "W47/95gDgQPSabYzgT/GDA==", "spanId": "7uGbfsPBsXQ="}

    answer = send(api, as_protobuf(request({**span(**INFERRED), **ids})), PROTOBUF)

    assert (answer.status_code, answer.headers["content-type"]) == (200, PROTOBUF)
    assert not ExportTraceServiceResponse.FromString(answer.content).HasField("partial_success")
    trace = api.get(f"/api/traces/{stored(api)[0]['id']}").json()["payload"]
    assert (trace["meta"]["trace"], trace["meta"]["span"]) == (IDS["traceId"], IDS["spanId"])


def test_a_call_that_is_no_trace_is_a_rejected_span_and_the_rest_is_kept(api: TestClient) -> None:
    empty = span(gen_ai__output__messages='[{"role": "assistant", "parts": []}]')
    large = span(**{**PLAIN, "input__value": "x" * 50_001})
    body = request(empty, {**span(**GEN_AI), **IDS}, large)

    said = send(api, json.dumps(body).encode()).json()["partialSuccess"]

    assert int(said["rejectedSpans"]) == 2
    assert "span ssss" in said["errorMessage"]
    assert len(stored(api)) == 1


@pytest.mark.parametrize("service", ["a\0b", "\ud800"])
def test_a_service_whose_name_cannot_be_kept_is_rejected(api: TestClient, service: str) -> None:
    body = json.dumps(GOOD).replace('"shop"', json.dumps(service)).encode()

    answer = send(api, body)

    assert answer.status_code == 400 or int(answer.json()["partialSuccess"]["rejectedSpans"]) > 0
    assert stored(api) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"resourceSpans": 5}',
        b'{"resourceSpans": [5]}',
        b'{"resourceSpans": [{"scopeSpans": 5}]}',
        b'{"resourceSpans": ' + b"[" * 100_000,
    ],
)
def test_what_is_no_export_request_is_refused_as_a_status(api: TestClient, body: bytes) -> None:
    answer = send(api, body)

    assert answer.status_code == 400
    assert answer.json()["code"] == 3
    assert "no export request" in answer.json()["message"]


def test_a_body_that_is_damaged_or_of_another_kind_is_refused(api: TestClient) -> None:
    packed = gzip.compress(json.dumps(GOOD).encode())
    bomb = gzip.compress(b" " * (telemetry.MAX_BODY + 1))

    assert send(api, b"\xff\xff\xff", PROTOBUF).status_code == 400
    assert send(api, b"\xff\xff\xff", PROTOBUF).content.startswith(b"\x08\x03\x12")
    assert send(api, packed[:-9], content_encoding="gzip").status_code == 400
    assert send(api, b"{}", content_encoding="gzip").status_code == 400
    assert send(api, bomb, content_encoding="gzip").status_code == 413
    assert send(api, b" " * (telemetry.MAX_BODY + 1)).status_code == 413
    assert send(api, b"{}", content_encoding="br").status_code == 415
    assert send(api, b"{}", "text/plain").status_code == 415
    assert send(api, b"{}", origin="http://evil.example").status_code == 403


def test_an_empty_request_is_all_well(api: TestClient) -> None:
    assert send(api, b"{}").json() == {}
    assert send(api, b"", PROTOBUF).status_code == 200


def test_what_is_kept_of_a_large_resource_is_bounded(api: TestClient) -> None:
    body = request(*(span(**{**PLAIN, "input__value": f"{n}?"}) for n in range(40)))
    body["resourceSpans"][0]["resource"]["attributes"].append(
        attribute("process.command_line", "x" * 4_000_000)
    )

    said = send(api, json.dumps(body).encode()).json()["partialSuccess"]

    assert int(said["rejectedSpans"]) == 40 - len(stored(api)) > 20
    assert "resource is too large" in said["errorMessage"]


def test_attributes_that_are_nested_very_deeply_are_refused(api: TestClient) -> None:
    deep = '{"kvlistValue":{"values":[{"key":"a","value":' * 240 + "{}" + "}]}}" * 240
    body = json.dumps(request(span(**{**GEN_AI, "x": {"deep": 1}})))

    answer = send(api, body.replace('{"deep": 1}', deep).encode())

    assert answer.status_code in (200, 400)
    assert send(api, body.replace('{"deep": 1}', deep * 9).encode()).status_code == 400


def test_a_request_of_very_many_services_is_taken_in_part(api: TestClient) -> None:
    one = request(span(**GEN_AI))["resourceSpans"][0]
    many = [
        {**one, "resource": {"attributes": [attribute("service.name", f"s{n}")]}}
        for n in range(telemetry.MOST_SERVICES + 3)
    ]

    said = send(api, json.dumps({"resourceSpans": many}).encode()).json()["partialSuccess"]

    assert int(said["rejectedSpans"]) == 3
    assert "services" in said["errorMessage"]
