"""An audit that is followed: what a change of settings or events touches is computed again, the rest is kept."""
