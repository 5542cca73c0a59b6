"""Words sorted, grouped and told apart by their letters; a binary text put in order."""

from tunix_rt.tasks.generators.reasoning_gym.working import Entry, Work, compute, listed, require
from tunix_rt.tasks.schema import Step


def word_sorting(entry: Entry) -> list[Step]:
    """Selection sort by character codes: the next one is the first, or last, of those left."""
    meta = entry["metadata"]
    rising = meta["direction"] == "ascending"
    left, ordered, steps = list(meta["transformed_words"]), [], []
    while left:
        best = min(left) if rising else max(left)
        steps.append(Step("select", f"Of {listed(left)} comes next: {best}."))
        left.remove(best)
        ordered.append(best)
    require(", ".join(ordered) == entry["answer"], "another order")
    return steps


def group_anagrams(entry: Entry) -> list[Step]:
    """Words with the same letters in order belong together."""
    groups: dict[str, list[str]] = {}
    steps = []
    for word in entry["metadata"]["words"]:
        letters = "".join(sorted(word))
        groups.setdefault(letters, []).append(word)
        steps.append(Step("sort", f"{word}: {letters}"))
    wanted = sorted(sorted(group) for group in entry["metadata"]["solution"])
    require(sorted(map(sorted, groups.values())) == wanted, "other groups")
    return [
        *steps,
        *(Step("group", f"{letters}: {listed(group)}") for letters, group in groups.items()),
    ]


def binary_alternation(entry: Entry) -> list[Step]:
    """Places that differ from an alternating text; each swap mends two."""
    text = entry["metadata"]["string"]
    zeros, ones = text.count("0"), text.count("1")
    steps = [Step("count", f"Zeros: {zeros}, ones: {ones}.")]
    if abs(zeros - ones) > 1:
        require(entry["answer"] == "-1", "it is possible")
        return [*steps, Step("conclude", "They differ by more than 1, so it is impossible.")]
    found = []
    for first in "01":
        if (first == "0" and ones > zeros) or (first == "1" and zeros > ones):
            continue
        wanted = "".join("01"[(place + int(first)) % 2] for place in range(len(text)))
        wrong = sum(a != b for a, b in zip(text, wanted, strict=True))
        steps.append(Step("compare", f"Against {wanted} are wrong: {wrong} places."))
        steps.append(compute(f"{wrong} / 2 = {wrong // 2}"))
        found.append(wrong // 2)
    require(str(min(found)) == entry["answer"], "it takes other swaps")
    return [*steps, Step("conclude", f"The fewest swaps: {min(found)}.")]


FAMILIES: dict[str, Work] = {
    "word_sorting": word_sorting,
    "group_anagrams": group_anagrams,
    "binary_alternation": binary_alternation,
}
