"""`python -m cxaudit`."""

import sys

from cxaudit.cli import main

sys.exit(main())
