"""Experiment tracking: the only package that imports MLflow.

One run stands for one pass through the pipeline, whichever stages ran.
"""

from emotts.tracking.identity import data_identity, log_source
from emotts.tracking.pyfunc_model import register_voice
from emotts.tracking.registry import download_model
from emotts.tracking.run_file import load_run_id, open_saved_run, save_run_id
from emotts.tracking.run_writer import RunWriter, known_run
from emotts.tracking.server import runs_page, serve_ui
from emotts.tracking.store import is_server, shown_store, store_uri
from emotts.tracking.tracker import Tracker

__all__ = [
    "RunWriter",
    "Tracker",
    "data_identity",
    "download_model",
    "is_server",
    "known_run",
    "load_run_id",
    "log_source",
    "open_saved_run",
    "register_voice",
    "runs_page",
    "save_run_id",
    "serve_ui",
    "shown_store",
    "store_uri",
]
