"""What one process of a test run has compiled is for all of them, also for those that tests start."""

import os
import sys

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
