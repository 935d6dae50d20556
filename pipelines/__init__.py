"""The stages of the pipeline: one thin file each, run by ``dvc repro``."""

import sys

from emotts.runtime import wait_briefly
from pipelines.interrupt import quiet_until_started

if sys.argv[:1] == ["-m"]:  # `python -m pipelines.STAGE` is about to import the stage
    quiet_until_started()

wait_briefly()
