"""Losses of compiled PyTorch scripts that PyTorch lacks: a number for each unit, or for each sample."""

import math

import numpy as np
import torch
import torch.nn.functional as F


def smooth_targets(targets: torch.Tensor, part: float, towards: float) -> torch.Tensor:
    """Moves targets towards a value by a part of the distance."""
    return targets * (1 - part) + part * towards


def categorical_crossentropy(predictions: torch.Tensor, targets: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """-Σ target · log(p) of each sample, for p clipped to [1e-7, 1 - 1e-7]."""
    targets = smooth_targets(targets, smoothing, 1 / predictions.shape[-1])
    shares = (predictions / predictions.sum(-1, keepdim=True)).clamp(1e-7, 1 - 1e-7)
    return -(targets * shares.log()).sum(-1)


def binary_crossentropy(predictions: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """-(target · log(p) + (1 - target) · log(1 - p)) of each unit, for p clipped to [1e-7, 1 - 1e-7]."""
    p = predictions.clamp(1e-7, 1 - 1e-7)
    return -(targets * p.log() + (1 - targets) * (1 - p).log())


def binary_crossentropy_of_softmax(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The binary crossentropy for p = softmax(logits). For p > 0.5, log(1 - p) is that of the sum of the other classes."""
    logs = logits.log_softmax(-1)
    p = logs.exp()
    likely = p > 0.5
    others = (logits - likely * 1e30).logsumexp(-1, keepdim=True) - logits.logsumexp(-1, keepdim=True)
    when_zero = torch.where(likely, others, torch.log1p(-p.clamp(max=0.5)))
    return -(targets * logs + (1 - targets) * when_zero)


def log_cosh(predictions: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    difference = predictions - targets
    return difference + F.softplus(-2 * difference) - math.log(2)


def percentage_error(predictions: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return 100 * ((targets - predictions) / targets.abs().clamp(min=1e-7)).abs()


def squared_logarithmic_error(predictions: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return (torch.log1p(predictions.clamp(min=1e-7)) - torch.log1p(targets.clamp(min=1e-7))).square()


def categorical_hinge(predictions: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """max(0, 1 + max((1 - target) · prediction) - Σ target · prediction) of each sample"""
    own = (targets * predictions).sum(-1)
    return (1 + ((1 - targets) * predictions).amax(-1) - own).relu()


def hinge(predictions: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """max(0, 1 - target · prediction) of each unit; a target of 0 counts as -1."""
    return (1 - torch.where(targets == 0, -1.0, targets) * predictions).relu()


def kl_divergence(logs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Σ target · (log(target) - log(prediction)) of each sample, from the logarithms of predictions."""
    return (targets * (targets.clamp(1e-7, 1).log() - logs)).sum(-1)


def poisson(predictions: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return predictions - targets * (predictions + 1e-7).log()


def cosine_proximity(predictions: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The negative cosine of the angle between prediction and target."""
    eps = math.sqrt(1e-7)
    return -(F.normalize(targets, dim=-1, eps=eps) * F.normalize(predictions, dim=-1, eps=eps)).sum(-1)


def weigh_classes(values: torch.Tensor, labels: torch.Tensor, weights: torch.Tensor | None) -> torch.Tensor:
    """The mean of the samples' values, each multiplied by the weight of its class; without weights, their mean."""
    if weights is None:
        return values.mean()
    classes = labels.argmax(-1) if labels.dim() > 1 else labels.long()
    return (values.reshape(len(values), -1).mean(1) * weights[classes]).mean()


def balanced_weights(labels: np.ndarray, classes: int) -> list[float]:
    """samples / (classes · samples of the class), where only classes with samples count."""
    counts = np.bincount(labels, minlength=classes)
    return [float(len(labels) / ((counts > 0).sum() * count)) if count > 0 else 1.0 for count in counts]
