"""The statistics of the audit: plain numbers in, plain numbers out; no frames, no names of signals."""
