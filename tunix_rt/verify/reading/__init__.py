r"""How any verifier reads an answer: one spelling, unwrapped, numbers and units exact.

normalising.py   one spelling per character
unwrapping.py    the answer inside `<answer>`, `\boxed{}`, "the answer is"
single.py        the one answer of a text, or why there is none
latex.py         LaTeX around a number, taken off
quantities.py    the one number a text states, as a fraction, with its unit
units.py         units, their dimensions and factors
words.py         numbers in English words
"""
