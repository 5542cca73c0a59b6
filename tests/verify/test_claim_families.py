"""Every family of claims: what holds, what is false and where, what is left alone."""

import pytest

from tests.verify.test_claims import judge
from tunix_rt.verify.schema import StepInput, StepsVerdict, TraceInput
from tunix_rt.verify.steps.claims import check

TRUE = {
    "words": [
        "15% of 80 is 12.",
        "Half of 30 is 15.",
        "So half of the 30 apples is 15 apples.",
        "Twice 4 is 8.",
        "Double 4.5 is 9.",
        "A third of 12 is 4.",
        "Two thirds of 12 is 8.",
        "Three quarters of 20 is 15, so he has 15.",
        "15 is half of 30.",
        "12 is 15% of 80.",
        "3 times 4 is 12.",
        "30 divided by 4 is 7.5.",
        "The sum of 3 and 4 is 7.",
        "The sum of 3, 4 and 5 is 12.",
        "The product of 3 and 4 is 12.",
        "The difference between 3 and 8 is 5.",
        "The quotient of 12 and 4 is 3.",
        "The average of 2, 4 and 9 is 5.",
        "The square of 5 is 25.",
        "5 squared is 25.",
        "3 cubed equals 27.",
        "The square root of 49 is 7.",
        "√2 = 1.41",
        "sqrt(49) = 7",
        "5! = 120",
        "80 increased by 25% is 100.",
        "15 is 5 more than 10.",
        "3 is 5 less than 8.",
    ],
    "whole numbers": [
        "17 mod 5 = 2",
        "17 modulo 5 is 2.",
        "gcd(12, 18) = 6",
        "The gcd of 12 and 18 is 6.",
        "lcm(4, 6, 10) = 60",
        "The least common multiple of 4 and 6 is 12.",
        "17 = 3*5 + 2",
        "17 ≡ 2 (mod 5)",
        r"-3 \equiv 2 \pmod{5}",
        "17 / 5 = 3 remainder 2",
        "17 divided by 5 is 3 remainder 2.",
        "17 ÷ 5 = 3 R 2",
        "17 leaves a remainder of 2 when divided by 5.",
        "The remainder when 17 is divided by 5 is 2.",
        "91 is divisible by 7.",
        "91 is not divisible by 5.",
        "97 is prime.",
        "91 is not prime.",
        "12 is even, 13 is odd.",
    ],
    "conversions": [
        "3 hours = 180 minutes",
        "2.5 km is 2500 m",
        "120 minutes = 2 hours",
        "1 hour and 30 minutes is 90 minutes.",
        "2 feet 3 inches is 27 inches.",
        "There are 60 minutes in an hour.",
        "2 gallons = 8 quarts",
        "1 mile = 1.6 km",
        "1 kg is about 2.2 pounds.",
        "$3 = 300 cents",
        "90 minutes = 1.5 hours",
    ],
    "comparisons": [
        "3 < 5",
        "2/3 > 0.7 - 0.1",
        "1 < 2 < 3",
        "5 >= 5",
        "3 ≠ 4",
        "7 is greater than 5.",
        "7 is not less than 5.",
    ],
    "bases": [
        "0x1F = 31",
        "0b101 = 5",
        "binary 1011 is 11",
        "1011_2 = 11",
        "5 XOR 3 = 6",
        "0xA + 0x6 = 0x10",
        "31 in hexadecimal is 1F",
        "101 in base 2 is 5",
    ],
    "marks": ["They have <<3*4=12>>12 eggs.", "That is <<10/3=3.33>>3.3.", "<<20/50*100=40>>40%"],
    "equations": [
        "2x + 3 = 7, so 2x = 4, so x = 2.",
        "x^2 = 9, so x = 3 or x = -3.",
        "x^2 - 5x + 6 = 0, so (x - 2)(x - 3) = 0.",
        "3(x - 1) = 6. Then x - 1 = 2. Then x = 3.",
        "3y = 7, so y = 2.33.",
        "3x = 12 -> x = 4",
    ],
}

FALSE = {
    "words": [
        ("15% of 80 is 13.", "15% of 80 is 13"),
        ("Half of 30 is 16.", "Half of 30 is 16"),
        ("So twice 4 is 9.", "twice 4 is 9"),
        ("Two thirds of 12 is 9.", "Two thirds of 12 is 9"),
        ("15 is half of 31.", "15 is half of 31"),
        ("12 is 15% of 90.", "12 is 15% of 90"),
        ("3 times 4 is 13.", "3 times 4 is 13"),
        ("The sum of 3, 4 and 5 is 13.", "The sum of 3, 4 and 5 is 13"),
        ("The difference between 3 and 8 is 6.", "The difference between 3 and 8 is 6"),
        ("5 squared is 26.", "5 squared is 26"),
        ("The square root of 49 is 8.", "The square root of 49 is 8"),
        ("5! = 125", "5! = 125"),
        ("15 is 5 more than 11.", "15 is 5 more than 11"),
    ],
    "whole numbers": [
        ("17 mod 5 = 3", "17 mod 5 = 3"),
        ("gcd(12, 18) = 4", "gcd(12, 18) = 4"),
        ("The lcm of 4 and 6 is 24.", "The lcm of 4 and 6 is 24"),
        ("17 ≡ 3 (mod 5)", "17 ≡ 3 (mod 5)"),
        ("17 / 5 = 3 remainder 1", "17 / 5 = 3 remainder 1"),
        ("91 is divisible by 6.", "91 is divisible by 6"),
        ("91 is prime.", "91 is prime"),
        ("12 is odd.", "12 is odd"),
        ("12/0 = 4", "12/0 = 4"),
        ("Each pays $12/0 = $<<12/3=4>>4.", "$12/0 = $<<12/3=4>>4"),
    ],
    "conversions": [
        ("3 hours = 190 minutes", "3 hours = 190 minutes"),
        ("2.5 km is 250 m", "2.5 km is 250 m"),
        ("1 hour and 30 minutes is 80 minutes.", "1 hour and 30 minutes is 80 minutes"),
        ("There are 50 minutes in an hour.", "There are 50 minutes in an hour"),
        ("1 mile = 2 km", "1 mile = 2 km"),
        ("$3 = 30 cents", "$3 = 30 cents"),
    ],
    "comparisons": [
        ("5 < 3", "5 < 3"),
        ("2/3 > 0.7", "2/3 > 0.7"),
        ("1 < 2 < 2", "2 < 2"),
        ("5 is greater than 7.", "5 is greater than 7"),
    ],
    "bases": [
        ("0x1F = 32", "0x1F = 32"),
        ("binary 1011 is 12", "binary 1011 is 12"),
        ("5 XOR 3 = 7", "5 XOR 3 = 7"),
        ("31 in hexadecimal is 1E", "31 in hexadecimal is 1E"),
    ],
    "marks": [("They have <<3*4=12>>13 eggs.", "<<3*4=12>>13")],
    "equations": [
        ("2x + 3 = 7, so 2x = 5.", "2x = 5"),
        ("2x + 3 = 7, so x = 3.", "x = 3"),
        ("x^2 = 9, so x = 4.", "x = 4"),
        ("3y = 7, so y = 2.43.", "y = 2.43"),
        ("3x = 12 => x = 5", "x = 5"),
    ],
}

ALONE = [
    "Is half of 30 16?",
    "If half of 30 is 16, then 30 is 32.",
    "Half of 30 is 16 is wrong.",
    "One and a half of 30 is 45.",
    "He has 5 more than half of 30 is 20.",
    "Half of 30 is 15 more than nothing.",
    "Half of 1 hour is 30 minutes.",
    "Half of 30 is 16 + x.",
    "3 plus half of 4 is 7.",
    "12 is even more.",
    "17 mod 5",
    "5 < x",
    "Is 5 < 3?",
    "5 < 3? No.",
    "5 < 3 is false",
    "If 5 < 3 we stop.",
    "<think> 3 </think>",
    "I <3 you",
    "3 hours = x minutes",
    "1 day = 8 hours of work",
    "1 hour 30 minutes = 3",
    "2 hours + 5 minutes = 125 minutes",
    "Each of 2 hours is 60 eggs.",
    "3 boxes = 12 eggs",
    "1 year = 365 days",
    "x = 3. Later x = 4.",
    "2x + 3 = 7. Let x be the cats: x = 5.",
    "2x + y = 7, so x = 5.",
    "f(2) = 7, f(3) = 9",
    "x + 5 = 12 apples, x = 3",
    "If x = 3 then 2x = 6, if x = 4 then 2x = 9.",
    "Room 101 in base 2",
    r"So $10000x = 1331.\overline{1331}$, so $9999x = 1331$.",
    "Then x - 3 = 0, x - 7 = 0, or 2x - 10 = 0.",
]


@pytest.mark.parametrize("text", [text for texts in TRUE.values() for text in texts])
def test_a_true_claim_of_any_family_holds(text: str) -> None:
    verdict = judge(text)

    assert verdict.outcome == "right", verdict.reason


@pytest.mark.parametrize(("text", "claim"), [pair for pairs in FALSE.values() for pair in pairs])
def test_a_false_claim_of_any_family_is_found_where_it_stands(text: str, claim: str) -> None:
    verdict = judge("1 + 1 = 2", text)

    assert verdict.first_error is not None, verdict.claims
    assert (verdict.first_error.step, verdict.first_error.text) == (1, claim)


@pytest.mark.parametrize("text", ALONE)
def test_what_is_not_fully_understood_is_not_called_false(text: str) -> None:
    assert judge(text).outcome != "wrong", judge(text).reason


def test_an_equation_of_the_prompt_binds_the_steps() -> None:
    prompt = "Solve 2x + 3 = 7."

    assert judge("2x = 4", "x = 2", prompt=prompt).outcome == "right"
    assert judge("2x = 4", "x = 3", prompt=prompt).outcome == "wrong"


def test_a_derivation_goes_on_from_step_to_step() -> None:
    error = judge("5x - 3 = 12", "5x = 15", "x = 5").first_error

    assert error is not None
    assert (error.step, error.text) == (2, "x = 5")
    assert "the equation before was 5x = 15, which gives x = 3" in error.message


def played(*steps: tuple[str, str]) -> StepsVerdict:
    given = (StepInput(index=i, type=kind, content=said) for i, (kind, said) in enumerate(steps))
    return check(TraceInput(steps=tuple(given)))


LEGAL = ("legal_moves", "Legal moves: call, fold.")


@pytest.mark.parametrize("said", ["call", "I choose to fold.", "The best value is: call.", "Fold"])
def test_a_legal_move_holds(said: str) -> None:
    assert played(LEGAL, ("decision", said)).outcome == "right"


@pytest.mark.parametrize("said", ["raise", "I choose raise.", "Move: raise"])
def test_a_move_that_is_not_legal_is_found(said: str) -> None:
    error = played(LEGAL, ("decision", said)).first_error

    assert error is not None
    assert (error.step, error.text) == (1, "raise")


def test_a_decision_that_also_names_a_legal_move_is_left_alone() -> None:
    cards = ("legal_moves", "Legal moves: play the ten of hearts, play the two of clubs")

    assert played(cards, ("decision", "I choose the ten of hearts, so")).outcome == "undecided"
    assert played(LEGAL, ("decision", "Not raise but: I call")).outcome == "undecided"


def test_a_decision_that_names_no_move_is_left_alone() -> None:
    long = "Since the pot is large and I hold the better card there is not much to think about"

    assert played(LEGAL, ("decision", long)).outcome == "undecided"
    assert played(("decision", "raise")).outcome == "undecided"
    assert played(("legal_moves", ""), ("decision", "raise")).outcome == "undecided"
