"""Tunix RT: the workbench for reasoning traces. Start reading at `floorplan.py`.

Importing this package loads no framework and no machine-learning library.
"""

__version__ = "0.2.0"
