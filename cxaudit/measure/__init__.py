"""From units to measures: the tables that signals read, the anatomy of a signal, and the figures they hand over."""
