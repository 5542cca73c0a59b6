"""How fast rows are X-rayed and rendered; one JSON object.

Usage: python benchmarks/xray.py [GSM8K_FOLDER]. A byte-level BPE of 32,000 tokens is made from
GSM8K's training problems; what is measured are its solutions. The floor beside each number is the
same text through the tokenizers library alone: `floor_ms` encodes and decodes the 100 rows,
`encode_rows_per_second` encodes what is rendered.
"""

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from measuring import gsm8k, record
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

from tunix_rt.registry.loading.tokenizer import load_tokenizer
from tunix_rt.rendering.batching import make_rows
from tunix_rt.rendering.proofs import prove
from tunix_rt.rendering.schema import StepRow, TraceRow
from tunix_rt.rendering.schema_options import Rendering
from tunix_rt.rendering.schema_xray import Look
from tunix_rt.rendering.segmenting import examples
from tunix_rt.rendering.tokenizing import load_chat
from tunix_rt.rendering.xraying import xray_with

CHAT = (
    "{{ bos_token }}{% for message in messages %}{{ '<start_of_turn>' + "
    "('model' if message['role'] == 'assistant' else message['role']) + '\\n' + "
    "message['content'] | trim + '<end_of_turn>\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}"
)
SPECIAL = ("<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>")


def rows_of(file: Path) -> list[TraceRow]:
    """Published solutions as rows of a dataset."""
    rows = []
    for number, text in enumerate(file.read_text("utf-8").splitlines()):
        problem = json.loads(text)
        body, _, answer = problem["answer"].partition("\n####")
        steps = [StepRow(i, "calculation", s) for i, s in enumerate(body.split("\n")) if s.strip()]
        asked, said = problem["question"], answer.strip()
        rows.append(TraceRow(f"{number}", "", "1.0", asked, said, steps, None))
    return rows


def make_tokenizer(folder: Path, rows: list[TraceRow], size: int) -> None:
    """A tokenizer's folder with a chat template."""
    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    special: list[Any] = [AddedToken(one, special=True, normalized=False) for one in SPECIAL]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=size, show_progress=False, special_tokens=special, initial_alphabet=alphabet
    )
    texts = (text for row in rows for text in (row.prompt, *(s.content for s in row.steps)))
    inner.train_from_iterator(texts, trainer)
    (folder / "tokenizer.json").write_text(inner.to_str(), "utf-8")
    names = {"bos_token": "<bos>", "eos_token": "<eos>", "pad_token": "<pad>"}
    (folder / "tokenizer_config.json").write_text(json.dumps({**names, "chat_template": CHAT}))


def fastest(work: Callable[[], object], times: int = 5) -> float:
    """Seconds of the fastest of several tries."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


def measure(folder: Path) -> dict[str, object]:
    """Everything, once."""
    rows = rows_of(folder / "train.jsonl")
    with tempfile.TemporaryDirectory() as place:
        make_tokenizer(Path(place), rows, 32_000)
        tokenizer = load_tokenizer(Path(place))
        numbers: dict[str, object] = {"rows": len(rows), "vocabulary": tokenizer.size}
        for template in ("gemma", "chat"):
            own = Rendering(template=template, tokenizer=place, max_seq_length=2048)
            numbers |= {f"{template}_{k}": v for k, v in one(rows, own, tokenizer).items()}
    return numbers


def one(rows: list[TraceRow], rendering: Rendering, tokenizer: Any) -> dict[str, float]:
    """The numbers of one template."""
    chat, look = load_chat(rendering), Look(rendering=rendering, rows=100, prove=100)
    hundred, many = rows[:100], rows[:2000]
    worded = list(examples(many, rendering, chat))
    texts = [text for one in worded for text in (one.prompt, one.response)]
    inner = tokenizer.inner

    def floor() -> object:
        found = inner.encode_batch(texts[:200], add_special_tokens=False)
        return inner.decode_batch([e.ids for e in found], skip_special_tokens=False)

    def render() -> object:
        return make_rows(examples(many, rendering, chat), tokenizer, rendering, vocab=2**31)

    encode = fastest(lambda: inner.encode_batch(texts, add_special_tokens=False), 3)
    found = xray_with(hundred, look, tokenizer, chat)
    assert len(found.rows) == 100
    assert found.proofs.ok, [proof for proof in found.proofs.proofs if not proof.ok]
    return {
        "xray_100_ms": round(1e3 * fastest(lambda: xray_with(hundred, look, tokenizer, chat)), 1),
        "floor_ms": round(1e3 * fastest(floor), 1),
        "tokens_per_row": round(sum(row.length for row in found.rows) / 100, 1),
        "render_rows_per_second": round(len(many) / fastest(render, 3)),
        "encode_rows_per_second": round(len(many) / encode),
        "prove_rows_per_second": round(
            len(many) / fastest(lambda: prove(many, rendering, tokenizer, chat), 3)
        ),
    }


if __name__ == "__main__":
    record("xray", measure(gsm8k()))
