"""The stages of the pipeline: one thin file each, run by ``dvc repro``."""

import os
import sys

from pipelines.interrupt import quiet_until_started

if sys.argv[:1] == ["-m"]:  # `python -m pipelines.STAGE` is about to import the stage
    quiet_until_started()

# Threads that wait for each other without sleeping make a step ten times slower once another program needs a core.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
