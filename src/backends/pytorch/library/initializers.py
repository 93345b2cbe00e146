"""Initializers of weights in compiled PyTorch scripts. A kernel's last axes are its inputs and outputs, as in TensorFlow."""

import math

import torch
from torch import nn


def variance_scaling(weight: torch.Tensor, scale: float, mode: str, distribution: str) -> None:
    """Draws with a variance of scale / fan; normal numbers are cut at two deviations, as in TensorFlow.js."""
    window = math.prod(weight.shape[:-2])
    fan_in, fan_out = (window * size for size in weight.shape[-2:]) if weight.dim() > 1 else (weight.numel(),) * 2
    variance = scale / {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[mode]
    if distribution == "uniform":
        limit = math.sqrt(3 * variance)
        nn.init.uniform_(weight, -limit, limit)
    else:
        truncated_normal(weight, 0, math.sqrt(variance))


def truncated_normal(weight: torch.Tensor, mean: float, std: float) -> None:
    nn.init.trunc_normal_(weight, mean, std, mean - 2 * std, mean + 2 * std)


def glorot_normal(weight: torch.Tensor) -> None:
    """Normal numbers with a variance of 2 / (inputs + outputs), cut at two deviations as in TensorFlow.js."""
    std = math.sqrt(2 / (math.prod(weight.shape[:-2]) * sum(weight.shape[-2:])))
    nn.init.trunc_normal_(weight, 0, std, -2 * std, 2 * std)


def glorot_uniform(weight: torch.Tensor) -> None:
    """Uniform numbers with a variance of 2 / (inputs + outputs)."""
    limit = math.sqrt(6 / (math.prod(weight.shape[:-2]) * sum(weight.shape[-2:])))
    nn.init.uniform_(weight, -limit, limit)


def he_normal(weight: torch.Tensor) -> None:
    """Normal numbers with a variance of 2 / inputs, cut at two deviations as in TensorFlow.js."""
    std = math.sqrt(2 / math.prod(weight.shape[:-1]))
    nn.init.trunc_normal_(weight, 0, std, -2 * std, 2 * std)


def he_uniform(weight: torch.Tensor) -> None:
    """Uniform numbers with a variance of 2 / inputs."""
    limit = math.sqrt(6 / math.prod(weight.shape[:-1]))
    nn.init.uniform_(weight, -limit, limit)


def lecun_normal(weight: torch.Tensor) -> None:
    """Normal numbers with a variance of 1 / inputs, cut at two deviations as in TensorFlow.js."""
    std = math.sqrt(1 / math.prod(weight.shape[:-1]))
    nn.init.trunc_normal_(weight, 0, std, -2 * std, 2 * std)


def lecun_uniform(weight: torch.Tensor) -> None:
    """Uniform numbers with a variance of 1 / inputs."""
    limit = math.sqrt(3 / math.prod(weight.shape[:-1]))
    nn.init.uniform_(weight, -limit, limit)


def orthogonal(weight: torch.Tensor, gain: float) -> None:
    columns = weight.shape[-1]
    weight.copy_(nn.init.orthogonal_(torch.empty(weight.numel() // columns, columns), gain).view(weight.shape))
