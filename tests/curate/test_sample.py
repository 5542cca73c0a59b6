import pytest

from tests.curate.curating import ask, kept, pipeline, seen
from tunix_rt.curate.staging import checked
from tunix_rt.kit.errors import BadInput

TRACES = [seen(f"step {n}", prompt=f"p {n}") for n in range(100)]


def test_a_number_or_a_share_is_drawn_by_the_seed() -> None:
    one = kept("sample", *TRACES, number=20)
    again = kept("sample", *TRACES[::-1], number=20)
    other = kept("sample", *TRACES, number=20, seed=1)

    assert len(one) == len(kept("sample", *TRACES, share=0.2)) == 20
    assert {t.key for t in one} == {t.key for t in again} != {t.key for t in other}
    assert len(kept("sample", *TRACES, number=1000)) == 100


def test_a_spread_sample_takes_what_differs() -> None:
    alike = [seen(f"we add one and two and {n}", prompt="add") for n in range(30)]
    kinds = [
        seen(" ".join(f"{word}{n}" for n in range(9)), prompt=word)
        for word in ("cut", "fold", "turn", "weigh")
    ]

    left = kept("sample", *alike, *kinds, number=6, by="spread")

    assert len(left) == 6
    assert all(any(t.key == kind.key for t in left) for kind in kinds)


def test_a_number_and_a_share_together_are_refused() -> None:
    many = [seen(str(n)) for n in range(3)]

    assert len(kept("sample", *many, number=2, by="spread")) == 2
    with pytest.raises(BadInput, match="give a number or a share"):
        checked(pipeline("sample"))
    with pytest.raises(BadInput, match="give a number or a share"):
        ask("sample", *many, number=2, share=0.5)
