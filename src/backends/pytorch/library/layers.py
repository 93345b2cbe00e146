"""Layers of compiled PyTorch scripts that PyTorch lacks, or computes differently than TensorFlow."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import nn


class Lambda(nn.Module):
    """A function as a layer."""

    def __init__(self, function: Callable[[torch.Tensor], torch.Tensor]):
        super().__init__()
        self.function = function

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.function(x)


class ChannelsLast(nn.Module):
    """Moves the channels to the end, so that values keep the order of the spec."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.movedim(1, -1)


class ChannelsFirst(nn.Module):
    """Moves the channels right after the batch."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.movedim(-1, 1)


class Embedding(nn.Embedding):
    """An embedding of whole numbers, which arrive as floats."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x.long())


class PReLU(nn.Module):
    """A slope for negative values, learned for each value, or for each index of the axes that are not shared."""

    def __init__(self, *shape: int):
        super().__init__()
        self.alpha = nn.Parameter(torch.zeros(shape))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.clamp(min=0) + self.alpha * x.clamp(max=0)


class BatchNorm(nn.Module):
    """Batch normalization whose running variance is that of the batch, as in TensorFlow: nn.BatchNorm2d multiplies it by
    n / (n - 1). A frozen one also uses its running statistics in training."""

    running_mean: torch.Tensor
    running_var: torch.Tensor

    def __init__(
        self, size: int, eps: float, momentum: float, scale: bool = True, center: bool = True, frozen: bool = False
    ):
        super().__init__()
        self.eps, self.momentum, self.frozen = eps, momentum, frozen
        self.weight = nn.Parameter(torch.ones(size)) if scale else None
        self.bias = nn.Parameter(torch.zeros(size)) if center else None
        self.register_buffer("running_mean", torch.zeros(size))
        self.register_buffer("running_var", torch.ones(size))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.frozen or not self.training:
            return F.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps)
        with torch.no_grad():
            var, mean = torch.var_mean(x, [0, *range(2, x.dim())], correction=0)
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(var, self.momentum)
        # F.batch_norm refuses batches of a single value for each channel.
        cudnn = torch.backends.cudnn.enabled
        return torch.batch_norm(x, self.weight, self.bias, None, None, True, 0.0, self.eps, cudnn)


class LayerNorm(nn.Module):
    """Layer normalization along any axes."""

    def __init__(
        self, sizes: tuple[int, ...], axes: tuple[int, ...], eps: float, scale: bool = True, center: bool = True
    ):
        super().__init__()
        self.axes, self.eps = axes, eps
        self.weight = nn.Parameter(torch.ones(sizes)) if scale else None
        self.bias = nn.Parameter(torch.zeros(sizes)) if center else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        last = tuple(range(-len(self.axes), 0))
        x = x.movedim(self.axes, last)
        var, mean = torch.var_mean(x, last, correction=0, keepdim=True)
        x = (x - mean) * (var + self.eps).rsqrt()
        if self.weight is not None:
            x = x * self.weight
        if self.bias is not None:
            x = x + self.bias
        return x.movedim(last, self.axes)


class ShapedDropout(nn.Module):
    """Dropout whose mask has a shape of its own; None is the size of the input."""

    def __init__(self, rate: float, shape: tuple[int | None, ...]):
        super().__init__()
        self.rate, self.shape = rate, shape

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        sizes = [own if own is not None else size for own, size in zip(self.shape, x.shape, strict=True)]
        return x * F.dropout(x.new_ones(sizes), self.rate, self.training)


class ShapedAlphaDropout(nn.Module):
    """Alpha dropout whose mask has a shape of its own; None is the size of the input."""

    def __init__(self, rate: float, shape: tuple[int | None, ...]):
        super().__init__()
        self.rate, self.shape = rate, shape

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return x
        lowest = -1.7580993408473766  # the limit of selu for values far below zero
        scale = ((1 - self.rate) * (1 + self.rate * lowest**2)) ** -0.5
        sizes = [own if own is not None else size for own, size in zip(self.shape, x.shape, strict=True)]
        kept = torch.rand(sizes, device=x.device) >= self.rate
        return torch.where(kept, x, lowest) * scale - scale * lowest * self.rate


class GaussianDropout(nn.Module):
    """Multiplies by normal numbers with mean 1 in training."""

    def __init__(self, rate: float):
        super().__init__()
        self.std = (rate / (1 - rate)) ** 0.5

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * (1 + torch.randn_like(x) * self.std) if self.training else x


class GaussianNoise(nn.Module):
    """Adds normal numbers in training."""

    def __init__(self, std: float):
        super().__init__()
        self.std = std

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + torch.randn_like(x) * self.std if self.training else x


class ActivityPenalty(nn.Module):
    """Keeps the penalty on the output of the layer before it for the loss, divided by the batch size."""

    def __init__(self, l1: float = 0.0, l2: float = 0.0):
        super().__init__()
        self.l1, self.l2 = l1, l2
        self.penalty: torch.Tensor | float = 0.0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.training:
            self.penalty = self.penalty + (self.l1 * x.abs().sum() + self.l2 * x.square().sum()) / len(x)
        return x

    def take(self) -> torch.Tensor | float:
        """The sum of the penalties since the last call."""
        penalty, self.penalty = self.penalty, 0.0
        return penalty


class TimeDistributed(nn.Module):
    """Applies a layer to each step of a sequence."""

    def __init__(self, layer: nn.Module):
        super().__init__()
        self.layer = layer

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x.flatten(0, 1)).unflatten(0, x.shape[:2])
