"""Metrics of compiled PyTorch scripts: counts of a batch that are added up, and values of these sums."""

import torch


def in_top(outputs: torch.Tensor, classes: torch.Tensor, k: int) -> torch.Tensor:
    """Whether fewer than k outputs are larger than that of the class."""
    return (outputs > outputs.gather(-1, classes.long()[:, None])).sum(-1) < k


def unit_accuracy(predictions: torch.Tensor, targets: torch.Tensor, threshold: float = 0.5) -> torch.Tensor:
    """The sum over the samples of the share of units that are right."""
    is_right = (predictions > threshold) == (targets > 0.5)
    return is_right.float().reshape(len(targets), -1).mean(1).sum()


def precision_counts(predictions: torch.Tensor, targets: torch.Tensor, threshold: float) -> torch.Tensor:
    predicted = predictions > threshold
    return torch.stack([(predicted & (targets > 0.5)).sum(), predicted.sum()])


def recall_counts(predictions: torch.Tensor, targets: torch.Tensor, threshold: float) -> torch.Tensor:
    actual = targets > 0.5
    return torch.stack([((predictions > threshold) & actual).sum(), actual.sum()])


def ratio(sums: torch.Tensor) -> float:
    return float(sums[0] / sums[1]) if sums[1] > 0 else 0.0


def r2_counts(predictions: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Σ(target - prediction)², Σ target, Σ target² and the number of targets."""
    predictions, targets = predictions.cpu().double(), targets.cpu().double()
    size = torch.full_like(targets, 1.0).sum()
    return torch.stack([(targets - predictions).square().sum(), targets.sum(), targets.square().sum(), size])


def r2_score(sums: torch.Tensor) -> float:
    """1 - Σ(target - prediction)² / Σ(target - mean target)²"""
    missed, total, squares, size = sums.tolist()
    spread = squares - total**2 / size
    return 1 - missed / spread if spread > 0 else 0.0
