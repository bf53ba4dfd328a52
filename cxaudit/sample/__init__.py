"""The sample: two years of an invented French brand, written as the exports of real platforms."""

from cxaudit.sample.write import write_sample

__all__ = ["write_sample"]
