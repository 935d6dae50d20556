"""A trial that does not fit into the memory fails; every other error of torch is one of the program."""

from __future__ import annotations

import pytest
import torch

from emotts.workflows.tuning.trial import is_out_of_memory


def test_a_refusal_of_memory_is_told_from_other_errors() -> None:
    with pytest.raises(RuntimeError) as refused:
        torch.empty(2**60, dtype=torch.int8)
    assert is_out_of_memory(refused.value)
    assert is_out_of_memory(MemoryError())
    assert is_out_of_memory(torch.OutOfMemoryError("CUDA out of memory"))
    with pytest.raises(RuntimeError) as wrong:
        torch.zeros(2) @ torch.zeros(3)
    assert not is_out_of_memory(wrong.value)
