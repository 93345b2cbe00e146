"""Optimizers of compiled PyTorch scripts that PyTorch computes differently than TensorFlow, and constraints of weights."""

from collections.abc import Callable, Iterable
from typing import Any

import torch


def rate_groups(model: torch.nn.Module, rate: float, factors: dict[str, float]) -> list[dict[str, Any]]:
    """A group of parameters for each factor of the learning rate; the first one is of the modules without a factor."""
    groups: dict[float, list[torch.nn.Parameter]] = {1.0: []}
    for name, weight in model.named_parameters():
        factor = next((factor for path, factor in factors.items() if name.startswith(f"{path}.")), 1.0)
        groups.setdefault(factor, []).append(weight)
    return [{"params": weights, "lr": rate * factor, "factor": factor} for factor, weights in groups.items()]


class Adagrad(torch.optim.Optimizer):
    """Adagrad with 1e-7 inside of the root, as in TensorFlow."""

    def __init__(self, params: Iterable[torch.nn.Parameter], lr: float, initial: float = 0.1):
        super().__init__(params, {"lr": lr, "initial": initial})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for weight in (own for own in group["params"] if own.grad is not None):
                state: dict[str, Any] = self.state[weight]
                total = state.setdefault("total", torch.full_like(weight, group["initial"]))
                total.addcmul_(weight.grad, weight.grad)
                weight.addcdiv_(weight.grad, (total + 1e-7).sqrt(), value=-group["lr"])


class RMSprop(torch.optim.Optimizer):
    """RMSProp with epsilon inside of the root and the learning rate inside of the momentum, as in TensorFlow."""

    def __init__(
        self,
        params: Iterable[torch.nn.Parameter],
        lr: float,
        decay: float = 0.9,
        momentum: float = 0.0,
        eps: float = 1e-7,
        centered: bool = False,
    ):
        super().__init__(params, {"lr": lr, "decay": decay, "momentum": momentum, "eps": eps, "centered": centered})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for weight in (own for own in group["params"] if own.grad is not None):
                state: dict[str, Any] = self.state[weight]
                squares = state.setdefault("squares", torch.zeros_like(weight))
                squares.mul_(group["decay"]).addcmul_(weight.grad, weight.grad, value=1 - group["decay"])
                variance = squares + group["eps"]
                if group["centered"]:
                    mean = state.setdefault("mean", torch.zeros_like(weight))
                    mean.mul_(group["decay"]).add_(weight.grad, alpha=1 - group["decay"])
                    variance = variance - mean.square()
                velocity = state.setdefault("velocity", torch.zeros_like(weight))
                velocity.mul_(group["momentum"]).addcdiv_(weight.grad, variance.sqrt(), value=group["lr"])
                weight.sub_(velocity)


def limit_norm(weight: torch.Tensor, least: float, most: float, rate: float, axis: int) -> None:
    """Moves the norms along an axis into bounds, by a part of the way."""
    norm = torch.linalg.vector_norm(weight, dim=axis, keepdim=True)
    weight.mul_((rate * norm.clamp(least, most) + (1 - rate) * norm) / (1e-7 + norm))


def unit_norm(weight: torch.Tensor, axis: int) -> None:
    weight.div_(1e-7 + torch.linalg.vector_norm(weight, dim=axis, keepdim=True))
