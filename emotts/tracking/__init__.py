"""Experiment tracking: the only package that imports MLflow.

One run stands for one pass through the pipeline, whichever stages ran.
"""

from emotts.tracking.identity import data_identity, log_source
from emotts.tracking.pyfunc_model import register_voice
from emotts.tracking.registry import download_model
from emotts.tracking.run_file import keep_run, kept_run
from emotts.tracking.server import runs_page, serve_ui
from emotts.tracking.store import is_server, store_uri
from emotts.tracking.tracker import Tracker

__all__ = [
    "Tracker",
    "data_identity",
    "download_model",
    "is_server",
    "keep_run",
    "kept_run",
    "log_source",
    "register_voice",
    "runs_page",
    "serve_ui",
    "store_uri",
]
