"""Schematic identity cards of all 21 kinds: where things stand as on the real ones, invented people, valid numbers, no national art.

For regression and degradation tests. Clean fonts and plain grounds make them easier than real cards; they are no measure of accuracy.
"""
