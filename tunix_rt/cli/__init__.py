"""The command line: tunix-rt, assembled from the slices' `commands.py`.

main.py    the program; loads a slice's commands when they are asked for
serve.py   tunix-rt serve and work: the API, and workers
demo.py    tunix-rt demo: the whole loop
child.py   the process a worker gives to a run
"""
