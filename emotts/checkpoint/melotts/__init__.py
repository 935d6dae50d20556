"""Reads and writes MeloTTS checkpoints; MeloTTS's own names are used here alone."""

from emotts.checkpoint.melotts.weights import load_melotts, save_melotts

__all__ = ["load_melotts", "save_melotts"]
