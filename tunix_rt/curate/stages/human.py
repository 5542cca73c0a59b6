"""Keep what people call good, or leave out what they call bad or ruled wrong."""

from typing import Literal

from tunix_rt.curate.schema import Around, Drop, Each, Options, Seen

VERSION = "1"
NEEDS: tuple[str, ...] = ("rulings",)


class Config(Options):
    """Which labels and rulings count."""

    keep: Literal["good", "not bad"] = "not bad"
    """Only what is labelled good, or everything that is not labelled bad."""

    rulings: bool = True
    """Drop what a person ruled wrong."""


def begin(options: Config, around: Around) -> Each:
    """Judge by the newest label and the newest ruling."""

    def judge(trace: Seen) -> Drop | None:
        if options.rulings and trace.ruling == "wrong":
            return Drop("ruled wrong")
        if trace.label == "bad":
            return Drop("labelled bad")
        if options.keep == "good" and trace.label != "good":
            return Drop("not labelled good", {"label": trace.label})
        return None

    return judge
