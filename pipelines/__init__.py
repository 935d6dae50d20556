"""The stages of the pipeline: one thin file each, run by ``dvc repro``."""
