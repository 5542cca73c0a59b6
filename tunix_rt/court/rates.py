"""Agreement between two witnesses, and their error rates against people's rulings."""

from collections.abc import Callable, Sequence

from tunix_rt.court.schema import WORDS, Agreement, Cell, Rate, Word
from tunix_rt.kit.proportions import wilson


def agreement(cells: Sequence[Cell]) -> Agreement:
    """How often both say the same, and Cohen's kappa: the same beyond chance.

    J. Cohen, Educ. Psychol. Meas. 20 (1960) 37-46. Kappa is null when chance alone would
    make them agree always.
    """
    total = sum(cell.cases for cell in cells)
    same = sum(cell.cases for cell in cells if cell.first == cell.second)
    low, high = wilson(same, total)
    if not total:
        return Agreement(share=0.0, low=low, high=high, kappa=None)
    chance = sum(
        sum(cell.cases for cell in cells if cell.first == word)
        * sum(cell.cases for cell in cells if cell.second == word)
        for word in WORDS
    ) / (total * total)
    share = same / total
    kappa = None if chance == 1 else (share - chance) / (1 - chance)
    return Agreement(share=share, low=low, high=high, kappa=kappa)


def false_positive(cells: Sequence[Cell], word: Callable[[Cell], Word]) -> Rate:
    """Of the cases that people ruled not right, the share that the witness calls right."""
    return _rate(cells, word, lambda cell: cell.ruled_wrong, lambda said: said == "right")


def false_negative(cells: Sequence[Cell], word: Callable[[Cell], Word]) -> Rate:
    """Of the cases that people ruled right, the share that the witness does not call right."""
    return _rate(cells, word, lambda cell: cell.ruled_right, lambda said: said != "right")


def _rate(
    cells: Sequence[Cell],
    word: Callable[[Cell], Word],
    truth: Callable[[Cell], int],
    is_error: Callable[[Word], bool],
) -> Rate:
    """A weighted share. Its interval is Wilson's over the effective number of rulings.

    A ruling weighs `cases / ruled` of its cell. With weights w, n rulings are worth
    (sum w)^2 / sum w^2 (L. Kish, Survey Sampling, 1965, section 11.2C). Rulings of
    "undecided" tell how many of a cell were looked at, and are on neither side.
    """
    errors = whole = squares = 0.0
    rulings = unseen = 0
    for cell in cells:
        seen = cell.ruled_right + cell.ruled_wrong + cell.ruled_undecided
        if not seen:
            unseen += cell.cases
            continue
        weight, true = cell.cases / seen, truth(cell)
        rulings += true
        whole += true * weight
        squares += true * weight * weight
        if is_error(word(cell)):
            errors += true * weight
    if not rulings:
        return Rate(estimate=None, low=None, high=None, rulings=0, unseen=unseen)
    worth = whole * whole / squares
    share = errors / whole
    low, high = wilson(min(share * worth, worth), worth)
    return Rate(estimate=share, low=low, high=high, rulings=rulings, unseen=unseen)
