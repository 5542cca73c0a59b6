"""Games: card games whose every chance can be counted, played by an engine and written as traces.

schema.py      requests and answers
duel.py        High Card Duel: a deal in, exact odds as steps out
ungar.py       the engine, an optional library: the one place that names it
playing.py     deal, write down, store; the stored ones again
routes.py      /api/ungar, as earlier clients know it
commands.py    tunix-rt games ...
"""
