"""A version as tunix-rt froze it before there were shards: one file of JSON lines."""

import hashlib
import json

import zstandard
from sqlalchemy import insert

from tunix_rt.datasets.table import dataset
from tunix_rt.kit.ids import iso, new_id, now
from tunix_rt.store import Store


def freeze_first(store: Store, name: str, version: str, count: int) -> None:
    traces = [
        {
            "trace_version": "1.0",
            "prompt": f"p{i}",
            "final_answer": "a",
            "steps": [{"i": 0, "type": "t", "content": "c"}],
            "meta": None,
        }
        for i in range(count)
    ]
    bodies = [json.dumps(one, sort_keys=True).encode() for one in traces]
    ids = [new_id() for _ in bodies]
    lines = b"".join(
        b'{"id":"%s","created_at":"%s","trace":%s}\n' % (id_.encode(), iso(now()).encode(), body)
        for id_, body in zip(ids, bodies, strict=True)
    )
    packed = zstandard.ZstdCompressor(write_checksum=True).compress(lines)
    file_sha256, size = store.blobs.put([packed])
    moment = now()
    summary = {
        "dataset_key": f"{name}-{version}",
        "build_id": new_id(),
        "dataset_name": name,
        "dataset_version": version,
        "dataset_schema_version": "2",
        "created_at": iso(moment),
        "filters": {},
        "selection_strategy": "latest",
        "seed": None,
        "trace_count": count,
        "stats": {
            "trace_count": count,
            "avg_step_count": 1.0,
            "min_step_count": 1,
            "max_step_count": 1,
            "avg_total_chars": 1.0,
        },
        "session_id": None,
        "parent_dataset_id": None,
        "training_run_id": None,
        "provenance": {},
        "content_sha256": hashlib.sha256(b"".join(b + b"\n" for b in bodies)).hexdigest(),
        "file_sha256": file_sha256,
        "size_bytes": size,
        "verdicts": {"none": count},
        "tool_version": "0.2",
    }
    manifest, _ = store.blobs.put([json.dumps({**summary, "trace_ids": ids}).encode()])
    with store.write() as connection:
        connection.execute(
            insert(dataset).values(
                key=summary["dataset_key"],
                build_id=summary["build_id"],
                name=name,
                version=version,
                trace_count=count,
                content_sha256=summary["content_sha256"],
                file_sha256=file_sha256,
                summary=summary,
                manifest_sha256=manifest,
                created_at=moment,
            )
        )
