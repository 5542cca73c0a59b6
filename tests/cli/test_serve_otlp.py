"""OpenTelemetry's own SDK and exporter send to a running server."""

import json
import signal

import pytest
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from tests.cli.running import Home
from tests.cli.test_serve import Server


@pytest.mark.parametrize("compression", [Compression.NoCompression, Compression.Gzip])
def test_a_call_that_was_traced_by_the_sdk_is_a_trace(home: Home, compression: Compression) -> None:
    server = Server(home)
    try:
        exporter = OTLPSpanExporter(f"{server.address}/v1/traces", compression=compression)
        provider = TracerProvider(resource=Resource.create({"service.name": "shop"}))
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        tracer = provider.get_tracer("test")
        with (
            tracer.start_as_current_span("invoke_agent"),
            tracer.start_as_current_span("chat") as call,
        ):
            asked = [{"role": "user", "parts": [{"type": "text", "content": "2+2?"}]}]
            parts = [{"type": "reasoning", "content": "Two."}, {"type": "text", "content": "4"}]
            call.set_attribute("gen_ai.operation.name", "chat")
            call.set_attribute("gen_ai.response.finish_reasons", ["stop"])
            call.set_attribute("gen_ai.input.messages", json.dumps(asked))
            call.set_attribute(
                "gen_ai.output.messages", json.dumps([{"role": "assistant", "parts": parts}])
            )
        provider.shutdown()
        [found] = server.get("/api/traces")["data"]
        trace = server.get(f"/api/traces/{found['id']}")["payload"]
    finally:
        server.stop(signal.SIGKILL)

    assert (found["source"], trace["prompt"], trace["final_answer"]) == ("otel:shop", "2+2?", "4")
    assert [step["content"] for step in trace["steps"]] == ["Two."]
    assert trace["meta"]["finish_reason"] == "stop"
    assert trace["meta"]["span"] == f"{call.get_span_context().span_id:016x}"
