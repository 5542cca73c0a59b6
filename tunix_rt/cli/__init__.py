"""The command line: tunix-rt, assembled from the slices' `commands.py`.

main.py    the program; loads a slice's commands when they are asked for
serve.py   tunix-rt serve and work: the API, and workers
demo.py    tunix-rt demo: the whole loop
far/       commands done by a server, when TUNIX_RT_URL names one
child.py   the process a worker gives to a run
"""
