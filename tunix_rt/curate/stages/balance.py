"""Keep prompts neither always nor never right, weigh by p(1-p), even out families.

p is the share of right ones of the judged traces of a prompt. Strata are families, and inside
them templates: prompts that differ only in their numbers.
"""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from tunix_rt.curate.grouping import Groups
from tunix_rt.curate.schema import Around, Drop, Mark, Options, Said, Seen, Share
from tunix_rt.curate.wording import chance, masked, normal, number_of
from tunix_rt.kit.proportions import wilson

VERSION = "1"
NEEDS: tuple[str, ...] = ()
Most = Annotated[int, Field(ge=1)] | None


class Config(Options):
    """What is kept of prompts, and how many of a stratum."""

    difficulty: bool = True
    """Look at p at all."""

    above: Share = 0.0
    below: Share = 1.0
    """p lies between these, both excluded."""

    judged: Annotated[int, Field(ge=1)] = 2
    """Fewer judged traces of a prompt tell no p."""

    per: Literal["prompt", "prompt and model"] = "prompt"
    interval: bool = False
    """Drop a prompt only if its whole 95 % Wilson interval lies outside."""

    weigh: bool = True
    """Weigh each trace by p(1-p)."""

    most_of_family: Most = None
    most_of_template: Most = None
    """Keep at most so many traces of each, drawn by the seed."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.above >= self.below:
            raise ValueError("above is not below `below`")
        return self


class _Balance:
    """Up to 108 bytes a trace, in files beyond 200,000 of them, and one byte in memory."""

    def __init__(self, options: Config, around: Around) -> None:
        self._options = options
        self._seed = around.seed
        self._prompts = Groups(around.folder, "prompts")
        self._strata = [
            (name, most, Groups(around.folder, name))
            for name, most in (
                ("template", options.most_of_template),
                ("family", options.most_of_family),
            )
            if most is not None
        ]
        self._gone = bytearray()

    def see(self, trace: Seen) -> None:
        """Remember its prompt with its verdict, and its strata."""
        if self._options.difficulty:
            judged = trace.verdict in ("right", "wrong")
            group = trace.group
            if self._options.per == "prompt and model":
                group ^= number_of(trace.model or "")
            said = judged * 2 + (trace.verdict == "right")
            self._prompts.add(group, 0, trace.key, trace.place, said)
        for name, _, groups in self._strata:
            stratum = f"{trace.family}\x1f"
            if name == "template":
                stratum += normal(masked(trace.prompt))
            drawn = chance(trace.key, self._seed)
            groups.add(number_of(stratum), drawn, trace.key, trace.place)
        if trace.place >= len(self._gone):
            self._gone.extend(bytes(trace.place + 1 - len(self._gone)))

    def end(self) -> Iterator[tuple[int, Said]]:
        """Drop prompts, then what is too much of a template, then of a family."""
        for rows in self._prompts.groups():
            said = self._of_prompt(rows["extra"])
            if said is None:
                continue
            for place in rows["place"].tolist():
                self._gone[place] = isinstance(said, Drop)
                yield place, said
        for name, most, groups in self._strata:
            for rows in groups.groups(least=most + 1):
                left = [place for place in rows["place"].tolist() if not self._gone[place]]
                many = Drop(f"enough of this {name}", {"most": most, "there": len(left)})
                for place in left[most:]:
                    self._gone[place] = 1
                    yield place, many

    def _of_prompt(self, verdicts: object) -> Said | None:
        """What is said of all traces of a prompt; its verdicts are 0 or 1, 2 wrong, 3 right."""
        import numpy as np

        found = np.asarray(verdicts)
        judged, right = int((found >= 2).sum()), int((found == 3).sum())
        if judged < self._options.judged:
            return Drop("too few judged", {"judged": judged})
        share = right / judged
        low, high = wilson(right, judged)
        least, most = (high, low) if self._options.interval else (share, share)
        evidence = {
            "p": round(share, 4),
            "judged": judged,
            "interval": [round(low, 4), round(high, 4)],
        }
        if most >= self._options.below:
            return Drop("too easy", evidence)
        if least <= self._options.above:
            return Drop("too hard", evidence)
        weight = share * (1 - share)
        return Mark(weight=weight) if self._options.weigh and weight > 0 else None


def begin(options: Config, around: Around) -> _Balance:
    """Gather traces by prompt, template and family."""
    return _Balance(options, around)
