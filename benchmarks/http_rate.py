"""Traces over HTTP: processor time a trace in batches and in a stream, single posts a second.

The server is `tunix-rt serve` as its own process, on SQLite. Its processor time is read from
the system until the last answer has come; what the search index takes behind it stands apart.
"""

import argparse
import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from import_rate import lines
from measuring import record

TICK = os.sysconf("SC_CLK_TCK")


class Server:
    """A running server, and what it costs."""

    def __init__(self, home: Path) -> None:
        command = [sys.executable, "-m", "tunix_rt", "serve", "--no-open", "--port", "0"]
        environment = os.environ | {"TUNIX_RT_HOME": str(home), "DATABASE_URL": ""}
        environment["TRACE_MAX_BYTES"] = "10485760"
        self.process = subprocess.Popen(
            [*command, "--workers", "0"], env=environment, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:(\d+)", self.process.stdout.readline())
        assert found is not None
        self.port = int(found.group(1))

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def peak_mb(self) -> float:
        """Most memory it ever had."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+)", status)
        assert found is not None
        return int(found.group(1)) / 1024

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()


async def request(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, body: bytes
) -> int:
    """One POST on an open connection; the status."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()
    answer = await reader.readuntil(b"\r\n\r\n")
    found = re.search(rb"content-length: (\d+)", answer)
    if found:
        await reader.readexactly(int(found.group(1)))
    return int(answer[9:12])


async def posts(port: int, bodies: list[bytes], clients: int, count: int) -> list[int]:
    """Statuses of `count` single posts, sent by so many clients at once."""
    statuses: list[int] = []
    left = iter(range(count))

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in left:
            body = bodies[number % len(bodies)]
            statuses.append(await request(reader, writer, "/api/traces", body))
        writer.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    return statuses


async def batches(port: int, bodies: list[bytes], size: int) -> None:
    """All bodies in batches, one after the other."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for start in range(0, len(bodies), size):
        body = b"[" + b",".join(bodies[start : start + size]) + b"]"
        assert await request(reader, writer, "/api/traces/batch", body) == 201
    writer.close()


async def stream(port: int, bodies: list[bytes], megabytes: int) -> int:
    """A chunked NDJSON body of so many megabytes; how many traces there were."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"POST /api/traces/stream?source=bench HTTP/1.1\r\nHost: localhost\r\n"
        b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )
    sent = number = 0
    while sent < megabytes * 1_000_000:
        part = b"".join(
            body.replace(b'"prompt": "', b'"prompt": "%d ' % (number + i), 1) + b"\n"
            for i, body in enumerate(bodies[:500])
        )
        number += 500
        writer.write(b"%x\r\n" % len(part) + part + b"\r\n")
        await writer.drain()
        sent += len(part)
    writer.write(b"0\r\n\r\n")
    answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 200"), answer[:200]
    writer.close()
    return number


def settled(server: Server) -> None:
    """Wait until the index has caught up: the processor rests."""
    while True:
        before = server.cpu()
        time.sleep(2)
        if server.cpu() - before < 0.05:
            return


def measured(
    server: Server, do: Callable[[], Coroutine[Any, Any, Any]]
) -> tuple[Any, float, float, float]:
    """Result, seconds, processor seconds until the answer, and those of the index behind it."""
    settled(server)
    cpu, began = server.cpu(), time.perf_counter()
    result = asyncio.run(do())
    took, used = time.perf_counter() - began, server.cpu() - cpu
    settled(server)
    return result, took, used, server.cpu() - cpu - used


def main() -> None:
    """Batches, a stream, single posts."""
    options = argparse.ArgumentParser()
    options.add_argument("--posts", type=int, default=100_000)
    options.add_argument("--dry", action="store_true")
    given = options.parse_args()
    bodies = [line.rstrip() for line in lines(20_000)]
    found: dict[str, Any] = {"bytes_per_trace": round(sum(map(len, bodies)) / len(bodies))}
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        try:
            idle = server.peak_mb()
            _, _, cpu, behind = measured(server, lambda: batches(server.port, bodies, 1000))
            found["batch_cpu_us_per_trace"] = round(cpu / len(bodies) * 1e6, 1)
            found["index_cpu_us_per_trace_behind"] = round(behind / len(bodies) * 1e6, 1)
            before = server.peak_mb()
            number, took, cpu, _ = measured(server, lambda: stream(server.port, bodies, 100))
            found["stream_megabytes"] = 100
            found["stream_cpu_us_per_trace"] = round(cpu / number * 1e6, 1)
            found["stream_traces_per_second"] = round(number / took)
            found["peak_mb_before_and_after_the_stream"] = [round(before), round(server.peak_mb())]
            statuses, took, cpu, _ = measured(
                server, lambda: posts(server.port, bodies, 32, 10_000)
            )
            assert set(statuses) == {201}, set(statuses)
            found["single_posts_per_second_32_clients"] = round(10_000 / took)
            found["single_post_cpu_us"] = round(cpu / 10_000 * 1e6)
            statuses, took, _, _ = measured(
                server, lambda: posts(server.port, bodies, 64, given.posts)
            )
            found["posts_from_64_clients"] = given.posts
            found["of_these_failed"] = sum(status != 201 for status in statuses)
            found["posts_per_second_64_clients"] = round(given.posts / took)
            found["idle_mb"] = round(idle)
        finally:
            server.stop()
    record("http-rate", found)


if __name__ == "__main__":
    main()
