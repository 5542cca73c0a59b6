"""Which families there are: with worked steps, without, and those left out, with why."""

from tunix_rt.tasks.generators.reasoning_gym import (
    algebra,
    counting,
    dates,
    expressions,
    filling,
    graphs,
    grids,
    logic,
    numbers,
    puzzles,
    rewriting,
    stories,
    words,
)
from tunix_rt.tasks.generators.reasoning_gym.working import Work

WORKED: dict[str, Work] = {
    **numbers.FAMILIES,
    **expressions.FAMILIES,
    **counting.FAMILIES,
    **rewriting.FAMILIES,
    **puzzles.FAMILIES,
    **algebra.FAMILIES,
    **grids.FAMILIES,
    **dates.FAMILIES,
    **stories.FAMILIES,
    **logic.FAMILIES,
    **graphs.FAMILIES,
    **words.FAMILIES,
    **filling.FAMILIES,
}
"""Families whose solution is written out step by step, and how."""

UNWORKED: tuple[str, ...] = (
    "ab",
    "acre",
    "advanced_geometry",
    "aiw",
    "arc_1d",
    "arc_agi",
    "bf",
    "boxnet",
    "color_cube_rotation",
    "count_primes",
    "cryptarithm",
    "emoji_mystery",
    "family_relationships",
    "figlet_font",
    "futoshiki",
    "game_of_life",
    "graph_color",
    "intermediate_integration",
    "kakurasu",
    "letter_jumble",
    "mahjong_puzzle",
    "manipulate_matrix",
    "maze",
    "needle_haystack",
    "number_format",
    "palindrome_generation",
    "palindrome_partitioning",
    "polynomial_equations",
    "pool_matrix",
    "power_function",
    "propositional_logic",
    "rearc",
    "rectangle_count",
    "rubiks_cube",
    "rush_hour",
    "self_reference",
    "sentence_reordering",
    "simple_integration",
    "sokoban",
    "string_insertion",
    "survo",
    "syllogism",
    "tsumego",
    "zebra_puzzles",
)
"""Families that are tasks with an answer and a scorer, and without steps: for evaluation."""

LEFT_OUT: dict[str, str] = {
    "codeio": "its problems are others each time",
    "game_of_life_halting": "its scorer accepts every answer",
    "isomorphic_strings": "its problems are others in each process",
    "knight_swap": "its problems are others in each process",
    "list_functions": "its problems are others in each process",
    "polynomial_multiplication": "its problems are others in each process",
    "ransom_note": "its problems are others in each process",
    "word_ladder": "its problems are others in each process",
    "composite": "it only mixes the others",
}
"""Families that are not offered, and why. Six of them draw from a set of texts, whose order
Python chooses anew in each process: nobody could make their problems again."""

EXACTLY: dict[str, str] = {
    "coin_flip": "number",
    "gsm_symbolic": "number",
    "number_sorting": "exact",
}
"""Families judged by another verifier, because their own scorer forgives too much: a probability
off by 0.0001, the first of several numbers, a list whose numbers are off by up to 1."""
