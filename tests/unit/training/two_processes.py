"""Run by torchrun: trains the toy voice in every process and writes down what each one ended with."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent))

import tiny_run


class WatchedClips(tiny_run.ToyClips):
    """Toy clips that remember which of them were asked for in the first epoch."""

    def __init__(self, count: int, *, seed: int) -> None:
        super().__init__(count, seed=seed)
        self.asked: list[str] = []

    def __getitem__(self, index: int):
        self.asked.append(self.clips[index].wav)
        return self.clips[index]


def main() -> None:
    place = Path(sys.argv[1])
    rank = int(os.environ["RANK"])
    # different weights at the start in each process: the first process's must win
    networks = tiny_run.toy_networks(seed=rank)
    before = {name: value.clone() for name, value in networks.synthesizer.state_dict().items()}
    clips = tiny_run.toy_clips()
    watched = WatchedClips(8, seed=1)
    clips = tiny_run.TrainingClips(
        training=watched,
        validation=clips.validation,
        hop_length=clips.hop_length,
        n_fft=clips.n_fft,
    )
    tiny_run.toy_train(place / "voice", networks=networks, clips=clips, steps=4, batch_size=2)
    weights = dict(networks.synthesizer.state_dict())
    for name, network in networks.waveform_discriminators.items():
        weights |= {f"{name}.{key}": value for key, value in network.state_dict().items()}
    before |= {name: torch.zeros(()) for name in weights if name not in before}
    # an epoch of 8 clips in batches of 2 for two processes is 2 steps: the first 4 clips of each process
    torch.save({"weights": weights, "before": before, "wavs": watched.asked[:4]}, place / f"rank{rank}.pt")


if __name__ == "__main__":
    main()
