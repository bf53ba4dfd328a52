"""What the parts agree on: the canonical tables, the settings and the records of results."""
