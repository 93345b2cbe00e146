"""Initializers of weights in compiled PyTorch scripts. A kernel's last axes are its inputs and outputs, as in TensorFlow."""

import torch
from torch import nn


@torch.no_grad()
def orthogonal(weight: torch.Tensor, gain: float) -> None:
    """Draws a kernel whose columns, one for each output, are orthogonal."""
    columns = weight.shape[-1]
    weight.copy_(nn.init.orthogonal_(torch.empty(weight.numel() // columns, columns), gain).view(weight.shape))
