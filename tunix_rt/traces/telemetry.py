"""Spans that arrive from OpenTelemetry: each call of a model is stored as a trace.

A request is taken apart first: what is kept beside a trace is a request with its one span, which
can be imported again as it is.
"""

import base64
import binascii
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from tunix_rt.kit.errors import BadRequest, TooLarge
from tunix_rt.kit.lines import MAX_LINE, decode_line
from tunix_rt.kit.words import storable
from tunix_rt.store import Store
from tunix_rt.traces.importing import read_all
from tunix_rt.traces.intake import Intake
from tunix_rt.traces.reading.spanning import Span, is_call, spans
from tunix_rt.traces.schema_record import Record, Rejected

MAX_BODY = MAX_LINE
"""Bytes of a request, as it is sent and unpacked."""

MOST_KEPT = 4 * MAX_BODY
"""Bytes that are kept of a request: each call has what was said of its resource beside it."""

MOST_SERVICES = 1_000
"""Services of one request: what each said is stored by itself."""

UNNAMED = "unknown_service"
_IDS = ("traceId", "spanId", "parentSpanId")

too_large = TooLarge(
    f"The body is larger than {MAX_BODY} bytes.", hint="Export fewer spans at a time."
)


@dataclass(slots=True)
class Taken:
    """What became of a request's spans."""

    stored: int = 0
    rejected: int = 0
    reason: str = ""
    """Why the first of those was rejected."""


def unzipped(body: bytes) -> bytes:
    """A gzip body, unpacked."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, MAX_BODY + 1)
    except zlib.error as error:
        raise BadRequest(f"The body is no gzip: {error}.") from None
    if len(plain) > MAX_BODY:
        raise too_large
    if not unpacker.eof:
        raise BadRequest("The body is cut off.")
    return plain


def from_json(body: bytes) -> dict[str, Any]:
    """An export request in OTLP's JSON."""
    try:
        return decode_line(body, dict[str, Any])
    except ValueError as error:
        raise BadRequest(f"The body is no export request: {error}.") from None


def from_protobuf(body: bytes) -> dict[str, Any]:
    """An export request in protobuf, as the JSON that OTLP has for it."""
    from google.protobuf.json_format import Error, MessageToDict
    from google.protobuf.message import DecodeError
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    try:
        found: dict[str, Any] = MessageToDict(ExportTraceServiceRequest.FromString(body))
    except (DecodeError, Error, UnicodeDecodeError, RecursionError) as error:
        raise BadRequest(f"The body is no export request: {str(error)[:200]}.") from None
    for resource in found.get("resourceSpans", []):
        for scope in resource.get("scopeSpans", []):
            for span in scope.get("spans", []):
                for named in (span, *span.get("links", [])):
                    _in_hex(named)
    return found


def answer(taken: Taken, *, protobuf: bool) -> bytes:
    """What OTLP wants to hear: nothing if all is well, else how many spans were rejected."""
    from google.protobuf.json_format import MessageToJson
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

    said = ExportTraceServiceResponse()
    if taken.rejected:
        said.partial_success.rejected_spans = taken.rejected
        said.partial_success.error_message = taken.reason
    encoded = said.SerializeToString() if protobuf else MessageToJson(said, indent=None).encode()
    return bytes(encoded)


def status(code: int, message: str, *, protobuf: bool) -> bytes:
    """A refusal as a `google.rpc.Status`, whose message has one byte for its length here."""
    if not protobuf:
        return msgspec.json.encode({"code": code, "message": message})
    said = message.encode("ascii", "replace")[:127]
    return bytes([0x08, code, 0x12, len(said)]) + said


def take(store: Store, request: dict[str, Any]) -> Taken:
    """Store every call of a model; other spans are welcome and not kept."""
    taken = Taken()
    left = MOST_KEPT
    intakes: dict[str, Intake] = {}
    for number, span in enumerate(_spans(request), 1):
        try:
            if not is_call(span):
                continue
            source = f"otel:{storable(span.service, 'service.name') or UNNAMED}"
            if source not in intakes and len(intakes) == MOST_SERVICES:
                raise ValueError(f"more than {MOST_SERVICES:,} services in one request")
            if left < 0:
                raise ValueError("its resource is too large to be kept with so many spans")
            record = Record(number, msgspec.json.encode(span.alone))
            left -= len(record.raw)
        except (ValueError, OverflowError, RecursionError) as error:
            _reject(taken, str(error))
            continue
        intake = intakes.get(source) or Intake(store, source, "otel")
        intakes[source] = intake
        for _, found in read_all("otel", [record], source):
            if isinstance(found, Rejected):
                _reject(taken, found.reason)
            else:
                intake.take(record, found)
        if intake.is_full:
            intake.flush()
    for intake in intakes.values():
        with intake:
            intake.flush()
        taken.stored += intake.report.added + intake.report.known
    return taken


def _spans(request: dict[str, Any]) -> Iterator[Span]:
    if not isinstance(request.get("resourceSpans", []), list):
        raise BadRequest("The body is no export request: resourceSpans is no list.")
    try:
        yield from spans({"resourceSpans": [], **request})
    except ValueError as error:
        raise BadRequest(f"The body is no export request: {error}.") from None
    except RecursionError:
        raise BadRequest("The body is no export request: nested too deeply.") from None


def _reject(taken: Taken, reason: str) -> None:
    taken.rejected += 1
    taken.reason = taken.reason or reason[:1000]


def _in_hex(named: dict[str, Any]) -> None:
    """Ids are hexadecimal in OTLP's JSON, and base64 in protobuf's own."""
    for name in _IDS:
        if name in named:
            try:
                named[name] = base64.b64decode(named[name]).hex()
            except (binascii.Error, ValueError):
                named[name] = ""
