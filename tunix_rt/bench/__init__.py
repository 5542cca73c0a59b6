"""Bench: how fast this machine is at what takes longest.

commands.py  tunix-rt bench ...
machine.py   the hardware's name, for a number without it says nothing
"""
