"""Padding, pooling and resizing of images in compiled PyTorch scripts, as TensorFlow does it."""

import torch
import torch.nn.functional as F
from torch import nn


def same_padding(x: torch.Tensor, window: tuple[int, ...], strides: tuple[int, ...]) -> list[int]:
    """The padding with which ⌈size / stride⌉ windows fit, as TensorFlow has it: an odd one has more at the end."""
    padding: list[int] = []
    for size, span, stride in zip(x.shape[2:], window, strides, strict=True):
        total = max((-(-size // stride) - 1) * stride + span - size, 0)
        padding = [total // 2, total - total // 2, *padding]
    return padding


def max_pool_same(x: torch.Tensor, window: tuple[int, ...], strides: tuple[int, ...]) -> torch.Tensor:
    pool = (F.max_pool1d, F.max_pool2d, F.max_pool3d)[len(window) - 1]
    return pool(F.pad(x, same_padding(x, window, strides), value=-torch.inf), window, strides)


def average_pool_same(x: torch.Tensor, window: tuple[int, ...], strides: tuple[int, ...]) -> torch.Tensor:
    """Averages over windows without the values of the padding."""
    pool = (F.avg_pool1d, F.avg_pool2d, F.avg_pool3d)[len(window) - 1]
    padding = same_padding(x, window, strides)
    shares = pool(F.pad(torch.ones_like(x[:1, :1]), padding), window, strides)
    return pool(F.pad(x, padding), window, strides) / shares


def center_crop(x: torch.Tensor, height: int, width: int) -> torch.Tensor:
    top, left = (x.shape[2] - height) // 2, (x.shape[3] - width) // 2
    return x[:, :, top : top + height, left : left + width]


def resize_nearest(x: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """Takes the nearest pixels, where the corners stay in place."""
    for dim, length in ((2, height), (3, width)):
        size = x.shape[dim]
        ratio = (size - 1) / (length - 1) if length > 1 else size / length
        places = (torch.arange(length, device=x.device) * ratio + 0.5).floor().long().clamp(max=size - 1)
        x = x.index_select(dim, places)
    return x


def resize_axis(x: torch.Tensor, dim: int, length: int, bilinear: bool = True) -> torch.Tensor:
    """Resizes an axis with the centers of pixels at whole numbers; those of F.interpolate are at halves."""
    size = x.shape[dim]
    places = torch.arange(length, device=x.device) * (size / length)
    low = places.floor().long()
    before = x.index_select(dim, low)
    if not bilinear:
        return before
    share = (places - low).to(x.dtype).view([-1] + [1] * (x.dim() - dim - 1))
    return before + (x.index_select(dim, (low + 1).clamp(max=size - 1)) - before) * share


def upsample_bilinear(x: torch.Tensor, rows: int, columns: int) -> torch.Tensor:
    return resize_axis(resize_axis(x, 2, x.shape[2] * rows), 3, x.shape[3] * columns)


class RandomWidth(nn.Module):
    """Stretches the images of a batch to a random width, which changes by a share between two bounds."""

    def __init__(self, lower: float, upper: float, interpolation: str = "bilinear"):
        super().__init__()
        self.lower, self.upper, self.interpolation = lower, upper, interpolation

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        factor = 1 + self.lower + (self.upper - self.lower) * torch.rand(()).item()
        return resize_axis(x, 3, round(factor * x.shape[3]), self.interpolation == "bilinear")
