"""Keep traces whose answer the verifiers call right."""

from typing import Literal

from tunix_rt.curate.schema import Around, Drop, Each, Options, Seen

VERSION = "1"
NEEDS: tuple[str, ...] = ()


class Config(Options):
    """Which verdicts on the answer are taken."""

    keep: tuple[Literal["right", "wrong", "undecided", "none"], ...] = ("right",)
    """`none` is a trace that nobody has verified."""


def begin(options: Config, around: Around) -> Each:
    """Judge by the stored verdict."""
    kept = frozenset(options.keep)

    def judge(trace: Seen) -> Drop | None:
        word = trace.verdict or "none"
        if word in kept:
            return None
        return Drop("not verified" if word == "none" else f"answer {word}")

    return judge
