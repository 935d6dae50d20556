"""How far networks look: the frames on either side that a frame of their output depends on, read off their layers.

A block of frames that is decoded with this many frames around it is the same as if everything had been decoded at once.
"""

from __future__ import annotations

from typing import cast

from torch import nn

from emotts.features.inverse_stft import InverseStft
from emotts.model.decoder_hifigan import HifiGanDecoder, PairedResidualBlock
from emotts.model.decoder_istft import ConvNext, ConvNextBlock, IstftDecoder
from emotts.model.flow import CouplingFlow
from emotts.model.wavenet import WaveNet

__all__ = ["decoder_reach", "envelope_reach", "flow_reach", "overlap_frames"]


def flow_reach(flow: CouplingFlow) -> int | None:
    """Return the frames that a flow looks to either side; None where it looks at all of them (a transformer)."""
    networks = [step.network for step in flow.steps]
    if not all(isinstance(network, WaveNet) for network in networks):
        return None
    return sum(_conv_reach(gate) for network in networks for gate in cast(WaveNet, network).gates)


def decoder_reach(decoder: HifiGanDecoder) -> int:
    """Return the frames of latents on either side that a frame of the waveform depends on."""
    reach = _conv_reach(decoder.output_conv)
    blocks = list(decoder.residual_blocks)
    for stage, upsampler in reversed(list(enumerate(decoder.upsamplers))):
        first = stage * decoder.n_parallel
        reach += max(_block_reach(block) for block in blocks[first : first + decoder.n_parallel])
        upsampling = cast(nn.ConvTranspose1d, upsampler)
        rate, kernel_size = upsampling.stride[0], upsampling.kernel_size[0]
        # an input writes the span of its own outputs and (kernel - rate) / 2 more on either side
        reach = (reach + (kernel_size + rate) // 2 - 1) // rate
    return reach + _conv_reach(decoder.input_conv)


def envelope_reach(network: ConvNext) -> int:
    """Return the frames that one of the iSTFT decoder's networks (pitch, envelopes) looks to either side."""
    blocks = [cast(ConvNextBlock, block) for block in network.blocks]
    return _conv_reach(network.input_conv) + sum(_conv_reach(block.depthwise_conv) for block in blocks)


def overlap_frames(decoder: IstftDecoder) -> int:
    """Return the frames on either side whose transforms overlap with the samples of a frame."""
    inverses = [layer for layer in decoder.modules() if isinstance(layer, InverseStft)]
    beyond_samples = max((inverse.n_fft - inverse.hop_length) // 2 for inverse in inverses)
    return -(-beyond_samples // decoder.hop_length)


def _conv_reach(conv: nn.Module) -> int:
    convolution = cast(nn.Conv1d, conv)
    return (convolution.kernel_size[0] - 1) * convolution.dilation[0] // 2


def _block_reach(block: nn.Module) -> int:
    """Return the samples that a residual block looks to either side, at its own rate."""
    layers = list(cast(PairedResidualBlock, block).dilated_convs)
    if isinstance(block, PairedResidualBlock):
        layers += list(block.plain_convs)
    return sum(_conv_reach(layer) for layer in layers)
