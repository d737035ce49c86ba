"""Measurements: each beside its floor, in the same rounds, as medians and ratios."""
