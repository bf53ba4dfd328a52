"""What all tests share: days counted from one origin, and tables made by hand."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))

# The same examples each time, so that a change is judged by itself; HYPOTHESIS_PROFILE=default looks for others.
settings.register_profile("steady", derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
