"""Experiment tracking: the only package that imports MLflow.

One run stands for one pass through the pipeline, whichever stages ran.
"""

from emotts.tracking.identity import data_identity
from emotts.tracking.pyfunc_model import register_voice
from emotts.tracking.registry import download_model
from emotts.tracking.server import runs_page, serve_ui
from emotts.tracking.store import store_uri
from emotts.tracking.tracker import Tracker

__all__ = ["Tracker", "data_identity", "download_model", "register_voice", "runs_page", "serve_ui", "store_uri"]
