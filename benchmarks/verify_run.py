"""How fast stored traces are verified as a run, and in how much memory; one JSON object.

Usage: python benchmarks/verify_run.py [GSM8K_FOLDER [TRACES]]. The traces are GSM8K's gold
solutions, each with its own number in its prompt. The floor, in the same run, is the same
judging on one core with no store and no process between.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from measuring import gsm8k, record

from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.verify import judging

FLOOR = 2_000


def gold(folder: Path, names: tuple[str, ...] = ("train", "test")) -> list[dict[str, object]]:
    """GSM8K's problems with their solutions as traces."""
    traces = []
    for name in names:
        for line in (folder / f"{name}.jsonl").read_text("utf-8").rstrip("\n").split("\n"):
            problem = json.loads(line)
            text, _, answer = problem["answer"].rpartition("\n#### ")
            steps = [step for step in text.split("\n") if step.strip()]
            traces.append(
                {
                    "trace_version": "1.0",
                    "prompt": problem["question"],
                    "final_answer": answer,
                    "steps": [
                        {"i": i, "type": "step", "content": step} for i, step in enumerate(steps)
                    ],
                    "meta": {"expected_answer": answer},
                }
            )
    return traces


def write(traces: list[dict[str, object]], count: int, file: Path) -> None:
    """So many lines, no two alike."""
    with file.open("w", encoding="utf-8") as out:
        for number in range(count):
            trace = traces[number % len(traces)]
            out.write(json.dumps({**trace, "prompt": f"{trace['prompt']} (No. {number})"}) + "\n")


def floor(traces: list[dict[str, object]]) -> float:
    """Traces a second judged in this process, on one core."""
    parsed = [ReasoningTrace.model_validate(trace) for trace in traces[:FLOOR]]
    began = time.perf_counter()
    for trace in parsed:
        judging.judge_answer(trace)
        judging.judge_steps(trace)
    return len(parsed) / (time.perf_counter() - began)


class Memory(threading.Thread):
    """The largest sum of what a process and its children held, in MB; watched while they run."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak = pid, 0.0

    def run(self) -> None:
        """Look twice a second until the process has gone."""
        while Path(f"/proc/{self.pid}").exists():
            self.peak = max(self.peak, sum(map(resident, family(self.pid))))
            time.sleep(0.5)


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        parents.setdefault(parent, []).append(int(stat.parent.name))
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found


def resident(pid: int) -> float:
    """What a process holds, in MB."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 / 2**20
    except (OSError, IndexError):
        return 0.0


def verify(count: int, file: Path) -> dict[str, object]:
    """Import so many traces, verify them as a run, and watch the memory."""
    with tempfile.TemporaryDirectory() as home:
        given = os.environ | {"TUNIX_RT_HOME": home}
        command = [sys.executable, "-m", "tunix_rt"]
        load = [*command, "traces", "import", str(file), "--json"]
        subprocess.run(load, env=given, check=True, stdout=subprocess.DEVNULL)
        began = time.perf_counter()
        work = [*command, "verify", "run", "--json"]
        with subprocess.Popen(work, env=given, stdout=subprocess.PIPE) as run:
            memory = Memory(run.pid)
            memory.start()
            assert run.stdout is not None
            found = json.loads(run.stdout.read())
        seconds = time.perf_counter() - began
    return {
        "traces": found["judged"],
        "seconds": round(seconds, 1),
        "traces_per_second": round(found["judged"] / seconds),
        "peak_mb_of_all_processes": round(memory.peak),
        "answers_right": found["total"]["answers"]["right"],
        "steps_wrong": found["total"]["steps"]["wrong"],
    }


def measure(folder: Path, count: int) -> dict[str, object]:
    """A tenth for the memory to compare with, the whole, and the floor."""
    traces = gold(folder)
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "traces.jsonl"
        write(traces, count // 10, file)
        tenth = verify(count // 10, file)
        write(traces, count, file)
        whole = verify(count, file)
    alone = floor(traces)
    return {
        **whole,
        "peak_mb_for_a_tenth": tenth["peak_mb_of_all_processes"],
        "floor_one_core_traces_per_second": round(alone),
        "times_the_floor": round(int(str(whole["traces_per_second"])) / alone, 2),
    }


if __name__ == "__main__":
    record("verify-run", measure(gsm8k(), int((sys.argv[2:] or ["100000"])[0])))
