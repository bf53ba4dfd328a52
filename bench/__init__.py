"""Measurements of speed and memory, always as ratios within one run on one machine."""
