"""How fast training steps are beside a bare loop, Tunix's own trainer and TRL; one JSON object.

Usage: python benchmarks/train_step.py [--dry]. Everything on one thread, the nano model (200,000
weights), AdamW, float32. Times are process CPU seconds, compiling not counted; compared programs
take turns, and the ratio is the median over the turns.

`loop`: batches of 32 rows of 56 tokens. Ours is the trainer with its hooks, its batches and its
journal; bare is `jax.jit` of loss, gradient and update in a for loop over batches made before.
`mix`: rows of log-normal length, mean 280, at most 1024, as many in a step on average. Stock is
Tunix's PeftTrainer as it comes: padded to 1024, its own loss and input function.
`trl`: TRL's SFTTrainer on the same rows, eight at a time, each batch padded to its longest row.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

ONE_THREAD = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
ROWS, WIDTH, LINES, VOCABULARY = 384, 1024, 8, 96


def cpu_seconds(work: Callable[[], object]) -> float:
    """What the process burns while it works."""
    began = time.process_time()
    work()
    return time.process_time() - began


def model() -> Any:
    """The nano model with fresh weights."""
    from tunix_rt.registry.loading import jax as loading
    from tunix_rt.registry.loading.tokenizer import build_tokenizer
    from tunix_rt.train.course.sizing import SHAPES

    return loading.create(SHAPES["nano"], build_tokenizer(["0123456789"], 32), 0).model


def rows_of(count: int, width: int) -> Any:
    """Rows of one length."""
    import numpy as np

    from tunix_rt.rendering.batching import Rows

    tokens = np.random.default_rng(0).integers(3, VOCABULARY, count * width, dtype=np.int32)
    starts = np.arange(count + 1) * width
    weights = np.ones(count * width, np.float32)
    return Rows(tokens, weights, starts, pad=0, dropped=0, examples_sha256="")


def loop(turns: int = 8, steps: int = 30) -> dict[str, Any]:
    """Our loop against a bare one."""
    import jax
    import optax
    from flax import nnx

    from tunix_rt.rendering.batching import Batches
    from tunix_rt.rendering.schema_batching import Batching
    from tunix_rt.train.backends.tunix import stepping
    from tunix_rt.train.backends.tunix.listening import Listener
    from tunix_rt.train.backends.tunix.optimising import learning_rate, optimizer
    from tunix_rt.train.course.journal import Journal
    from tunix_rt.train.schema import Optimizer, Recipe, TrainJob

    total = (turns + 1) * steps
    adam = Optimizer(name="adamw", learning_rate=1e-3)
    recipe, rate = Recipe(optimizer=adam, steps=total), learning_rate(adam, total)
    batches = Batches(rows_of(2048, 56), Batching(), size=32, seed=0)
    loss = stepping.mean_loss("stored")
    with TemporaryDirectory() as place:
        job = TrainJob(recipe, [], Path(place), lambda _: None)
        journal = Journal(Path(place) / "steps.jsonl")
        listener = Listener(job, journal, total, jax.jit(rate))
        trainer = stepping.trainer(
            model(), recipe, rate, steps=total, folder=None, metrics=listener.metrics
        )
        trainer.with_training_hooks(listener.hooks())
        trainer.is_managed_externally = True  # a turn ends, and the trainer stays
        end = 0

        def batch(step: int) -> dict[str, Any] | None:
            if step >= end:
                return None
            listener.clock.fetch()
            found = batches.at(step)
            listener.tokens[step + 1] = int((found.present > 0).sum())
            given = stepping.fed(found)
            listener.clock.fetched()
            return given

        trainer.with_data_hooks(stepping.data_hooks(batch))

        def ours() -> None:
            nonlocal end
            end += steps
            trainer.train(())

        tx = optimizer(adam, rate)
        graph, parameters, rest = nnx.split(model(), nnx.Param, ...)
        state = tx.init(parameters)
        made = [jax.device_put(stepping.fed(batches.at(step))) for step in range(steps)]

        def step(parameters: Any, state: Any, inputs: Any) -> Any:
            def lost(parameters: Any) -> Any:
                return loss(nnx.merge(graph, parameters, rest), **stepping.model_input(inputs))

            value, found = jax.value_and_grad(lost)(parameters)
            updates, state = tx.update(found, state, parameters)
            return optax.apply_updates(parameters, updates), state, value

        compiled = jax.jit(step, donate_argnums=(0, 1))

        def bare() -> None:
            nonlocal parameters, state
            for inputs in made:
                parameters, state, value = compiled(parameters, state, inputs)
            value.block_until_ready()

        ours(), bare()  # compile
        pairs = [(cpu_seconds(ours), cpu_seconds(bare)) for _ in range(turns)]
    return {
        "ours_ms_per_step": 1e3 * median(one for one, _ in pairs) / steps,
        "bare_ms_per_step": 1e3 * median(one for _, one in pairs) / steps,
        "ours_over_bare": median(one / other for one, other in pairs),
        "least_over_least": min(one for one, _ in pairs) / min(other for _, other in pairs),
        "turns": turns,
    }


def mix(turns: int = 3) -> dict[str, Any]:
    """Useful tokens a CPU second of each layout, and of the trainer as it comes."""
    import numpy as np

    from tunix_rt.rendering.batching import Batches
    from tunix_rt.rendering.schema_batching import Batching
    from tunix_rt.train.backends.tunix import stepping
    from tunix_rt.train.backends.tunix.benching import step_of
    from tunix_rt.train.course.sizing import random_rows

    rows = random_rows(ROWS, WIDTH, VOCABULARY)
    useful = int(rows.starts[-1])
    works: dict[str, list[tuple[float, Callable[[], object]]]] = {}
    for layout in ("padded", "buckets", "packed"):
        batches = Batches(rows, Batching(layout=layout), size=LINES, seed=0)
        step = step_of(model(), "stored")
        works[layout] = [
            (share, lambda step=step, fed=stepping.fed(batches.first_of(shape)): step(fed))
            for shape, share in zip(batches.shapes, batches.share, strict=True)
        ]
    padded = Batches(rows, Batching(), size=LINES, seed=0)
    works["stock"] = [(padded.share[0], stock(padded.at(0)))]
    for parts in works.values():
        for _, work in parts:
            work().block_until_ready()
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(turns):
        for name, parts in works.items():
            burnt = sum(
                share * cpu_seconds(lambda work=work: work().block_until_ready())
                for share, work in parts
            )
            found[name].append(useful / burnt)
    fastest = max(("buckets", "packed"), key=lambda one: median(found[one]))
    ratios = [a / b for a, b in zip(found[fastest], found["stock"], strict=True)]
    return {
        "mean_length": float(np.diff(rows.starts).mean()),
        "useful_tokens_per_cpu_second": {name: median(each) for name, each in found.items()},
        "fastest": fastest,
        "fastest_over_stock": median(ratios),
        "turns": turns,
    }


def stock(batch: Any) -> Callable[[], Any]:
    """One step of Tunix's trainer with nothing changed."""
    import optax
    from tunix.sft import utils
    from tunix.sft.peft_trainer import PeftTrainer, TrainingConfig, TrainingInput

    def model_input(given: Any) -> dict[str, Any]:
        there = given.input_tokens != 0
        return {
            "input_tokens": given.input_tokens,
            "input_mask": given.input_mask,
            "positions": utils.build_positions_from_mask(there),
            "attention_mask": utils.make_causal_attn_mask(there),
        }

    trainer = PeftTrainer(model(), optax.adamw(1e-4), TrainingConfig(eval_every_n_steps=10**9))
    trainer.with_gen_model_input_fn(model_input)
    step, _ = trainer.jit_train_and_eval_step(cache_nnx_graph=True)
    given = TrainingInput(input_tokens=batch.tokens, input_mask=batch.present)
    return lambda: step(given)[0]


def trl(steps: int = 12) -> dict[str, Any]:
    """Useful tokens a CPU second of TRL's SFTTrainer, in this process."""
    import numpy as np
    import torch

    torch.set_num_threads(1)
    from datasets import Dataset
    from transformers import Gemma3ForCausalLM, Gemma3TextConfig, TrainerCallback
    from trl import SFTConfig, SFTTrainer

    from tunix_rt.train.course.sizing import random_rows

    rows = random_rows(ROWS, WIDTH, VOCABULARY)
    bounds = list(zip(rows.starts[:-1], rows.starts[1:], strict=True))
    texts = [rows.tokens[begin:end].tolist() for begin, end in bounds]
    order = np.random.default_rng(0).permutation(ROWS)[: steps * LINES].tolist()
    data = Dataset.from_list([{"input_ids": texts[one]} for one in order])
    rope = {"rope_theta": 1e4, "rope_type": "default"}
    config = Gemma3TextConfig(
        vocab_size=VOCABULARY,
        hidden_size=96,
        intermediate_size=256,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=1,
        head_dim=24,
        sliding_window=1024,
        query_pre_attn_scalar=24,
        pad_token_id=0,
        rope_parameters={"sliding_attention": rope, "full_attention": rope},
    )
    marks: list[tuple[int, float]] = []

    class Marks(TrainerCallback):
        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            marks.append((state.global_step, time.process_time()))

    with TemporaryDirectory() as place:
        trainer = SFTTrainer(
            model=Gemma3ForCausalLM(config),
            args=SFTConfig(
                output_dir=place,
                per_device_train_batch_size=LINES,
                max_steps=steps,
                learning_rate=1e-4,
                logging_steps=steps,
                save_strategy="no",
                report_to=[],
                use_cpu=True,
                bf16=False,
                max_length=WIDTH,
                packing=False,
                gradient_checkpointing=False,
                disable_tqdm=True,
            ),
            train_dataset=data,
            processing_class=_tokenizer(),
            callbacks=[Marks()],
        )
        trainer.train()
    (first, began), (last, ended) = marks[1], marks[-1]
    tokens = sum(len(texts[one]) for one in order) * (last - first) / steps
    return {"useful_tokens_per_cpu_second": tokens / (ended - began), "steps": last - first}


def _tokenizer() -> Any:
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast

    words = {f"w{number}": number for number in range(VOCABULARY)}
    inner = Tokenizer(models.WordLevel(words, unk_token="w2"))
    return PreTrainedTokenizerFast(tokenizer_object=inner, pad_token="w0", eos_token="w1")


def apart(part: str) -> dict[str, Any]:
    """One part in a process of its own, on one thread."""
    environment = os.environ | {"XLA_FLAGS": ONE_THREAD, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, __file__, f"--part={part}"],
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        print(done.stderr[-3000:], file=sys.stderr)
        raise SystemExit(1)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


PARTS = {"loop": loop, "mix": mix, "trl": trl}

if __name__ == "__main__":
    named = [one.partition("=")[2] for one in sys.argv if one.startswith("--part=")]
    if named:
        print(json.dumps(PARTS[named[0]]()))
    else:
        from measuring import record

        numbers: dict[str, Any] = {name: apart(name) for name in PARTS}
        ours = numbers["mix"]["useful_tokens_per_cpu_second"][numbers["mix"]["fastest"]]
        numbers["ours_over_bare"] = numbers["loop"]["ours_over_bare"]
        numbers["fastest_over_stock"] = numbers["mix"]["fastest_over_stock"]
        numbers["fastest_over_trl"] = ours / numbers["trl"]["useful_tokens_per_cpu_second"]
        record("train-step", numbers)
