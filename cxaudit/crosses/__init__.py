"""Crosses: two sources held against each other, one file a cross, with the anatomy of a signal."""
