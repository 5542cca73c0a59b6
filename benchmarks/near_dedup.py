"""Near duplicates: documents per CPU second, and which planted twins are found; one JSON object.

Usage: python benchmarks/near_dedup.py [GSM8K_FOLDER]. Made documents have about 1.3 kB; in every
fiftieth four words of another one are changed. Beside them GSM8K's training solutions with as many
planted twins. The peer is datasketch with the same shingles, permutations and threshold, if it is
installed; else plain Python comparing all pairs of a thousand documents.
"""

import json
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from measuring import gsm8k, record

from tunix_rt.curate.schema import Around, Drop, Seen
from tunix_rt.curate.stages import near_dedup
from tunix_rt.curate.wording import number_of, words

MADE = 50_000
PEER = 5_000
EVERY = 50
THRESHOLD = 0.8


def made(count: int, seed: int = 0) -> tuple[list[str], set[frozenset[int]]]:
    """Documents of sentences from a large pool, and the pairs that were planted."""
    drawn = random.Random(seed)
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u")]
    vocabulary = ["".join(drawn.choices(syllables, k=drawn.randint(1, 4))) for _ in range(8000)]
    pool = [" ".join(drawn.choices(vocabulary, k=18)).capitalize() + "." for _ in range(30_000)]
    texts = [" ".join(drawn.choices(pool, k=12)) for _ in range(count)]
    return texts, planted(texts, drawn)


def planted(texts: list[str], drawn: random.Random) -> set[frozenset[int]]:
    """Replace every fiftieth document by another one with four words changed.

    The pairs are those whose Jaccard index is at the threshold or above it: in a short text four
    words may change too much.
    """
    pairs = set()
    for place in range(EVERY - 1, len(texts), EVERY):
        original = place - drawn.randrange(1, EVERY - 1)
        said = texts[original].split(" ")
        for _ in range(4):
            said[drawn.randrange(len(said))] = f"changed{drawn.randrange(10**6)}"
        texts[place] = " ".join(said)
        if jaccard(shingles(texts[place]), shingles(texts[original])) >= THRESHOLD:
            pairs.add(frozenset((place, original)))
    return pairs


def shingles(text: str) -> set[tuple[str, ...]]:
    """Its windows of three words."""
    said = words(text)
    return {tuple(said[place : place + 3]) for place in range(len(said) - 2)}


def jaccard(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    """The share of both that is in both."""
    both = len(one & other)
    return both / (len(one) + len(other) - both)


def solutions(folder: Path) -> list[str]:
    """GSM8K's training problems with their solutions."""
    lines = (folder / "train.jsonl").read_text("utf-8").splitlines()
    return [f"{one['question']}\n{one['answer']}" for one in map(json.loads, lines)]


def ours(texts: Sequence[str], **options: float | None) -> tuple[float, set[frozenset[int]]]:
    """CPU seconds, and who is said to be a twin of whom."""
    traces = [Seen(n, number_of(f"{n} {text}"), "", "", (text,)) for n, text in enumerate(texts)]
    with tempfile.TemporaryDirectory() as folder:
        again = lambda places: [traces[place] for place in places]  # noqa: E731
        around = Around(0, Path(folder), again, lambda _: [], lambda _: {})
        began = time.process_time()
        stage = near_dedup.begin(near_dedup.Config(**options), around)  # type: ignore[arg-type]
        for trace in traces:
            stage.see(trace)
        said = list(stage.end())
        took = time.process_time() - began
    return took, {frozenset((n, one.twin)) for n, one in said if isinstance(one, Drop) and one.twin}


def datasketch(texts: Sequence[str]) -> tuple[float, set[frozenset[int]]]:
    """The same by datasketch: three-word shingles, 128 permutations, threshold 0.8."""
    from datasketch import MinHash, MinHashLSH

    began = time.process_time()
    index, found = MinHashLSH(threshold=THRESHOLD, num_perm=128), set()
    sets = []
    for place, text in enumerate(texts):
        sets.append(shingles(text))
        sketch = MinHash(num_perm=128)
        sketch.update_batch([" ".join(one).encode() for one in sets[-1]])
        for other in index.query(sketch):
            if jaccard(sets[place], sets[other]) >= THRESHOLD:
                found.add(frozenset((place, other)))
        index.insert(place, sketch)
    return time.process_time() - began, found


def all_pairs(texts: Sequence[str]) -> tuple[float, set[frozenset[int]]]:
    """The same by comparing every pair."""
    began = time.process_time()
    sets = [shingles(text) for text in texts]
    found = {
        frozenset((place, other))
        for place, one in enumerate(sets)
        for other in range(place)
        if jaccard(one, sets[other]) >= THRESHOLD
    }
    return time.process_time() - began, found


def rate(number: int, took: float) -> int:
    """Documents per CPU second."""
    return round(number / took)


def measure(folder: Path) -> dict[str, float | str]:
    """Both corpora, each kind of text, and the peer on a part."""
    texts, pairs = made(MADE)
    took, found = ours(texts)
    numbers: dict[str, float | str] = {
        "documents": MADE,
        "mean_characters": round(sum(map(len, texts)) / MADE),
        "documents_per_cpu_second": rate(MADE, took),
        "planted": len(pairs),
        "recall": round(len(found & pairs) / len(pairs), 4),
        "precision": round(len(found & pairs) / max(1, len(found)), 4),
    }
    numbers["masked_per_cpu_second"] = rate(MADE, ours(texts, jaccard=None, masked=0.8)[0])
    numbers["raw_and_masked_per_cpu_second"] = rate(MADE, ours(texts, masked=0.8)[0])
    known = solutions(folder)
    pairs = planted(known, random.Random(1))
    took, found = ours(known)
    numbers |= {
        "gsm8k_documents": len(known),
        "gsm8k_per_cpu_second": rate(len(known), took),
        "gsm8k_recall": round(len(found & pairs) / len(pairs), 4),
        "gsm8k_precision": round(len(found & pairs) / max(1, len(found)), 4),
    }
    peer: Callable[[Sequence[str]], tuple[float, set[frozenset[int]]]]
    name, peer, number = ("datasketch", datasketch, PEER)
    if find_spec("datasketch") is None:
        name, peer, number = ("all pairs in Python", all_pairs, 1_000)
    texts, pairs = made(number)
    took, found = peer(texts)
    mine, same = ours(texts)
    return numbers | {
        "peer": name,
        "peer_per_cpu_second": rate(number, took),
        "peer_recall": round(len(found & pairs) / len(pairs), 4),
        "times_the_peer": round(took / mine, 1),
        "pairs_only_we_find": len(same - found),
        "pairs_only_the_peer_finds": len(found - same),
    }


if __name__ == "__main__":
    record("near-dedup", measure(gsm8k()))
