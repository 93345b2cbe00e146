"""What compiled PyTorch scripts share in training: devices, processes, logs and callbacks."""

import csv
import math
import os
import threading
from pathlib import Path

import torch
import torch.distributed as dist

RANK = int(os.environ.get("RANK", "0"))
WORLD = int(os.environ.get("WORLD_SIZE", "1"))


def start_process() -> torch.device:
    """Chooses the device of this process, and joins the others if torchrun started several."""
    if WORLD > 1:
        dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    if torch.cuda.is_available():
        return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    return torch.device("mps" if torch.backends.mps.is_available() and WORLD == 1 else "cpu")


def join(*values: torch.Tensor) -> None:
    """Adds up values of all processes in place."""
    if WORLD > 1:
        for value in values:
            dist.all_reduce(value)


def is_stopped(stop: threading.Event, device: torch.device) -> bool:
    """Whether a process was asked to stop; all processes then stop after the same step."""
    flag = torch.tensor(float(stop.is_set()), device=device if WORLD > 1 else "cpu")
    join(flag)
    return flag.item() > 0


def is_improvement(value: float, best: float, mode: str, min_delta: float = 0.0) -> bool:
    return value + min_delta < best if mode == "min" else value - min_delta > best


class EarlyStopping:
    """Says after each epoch whether it is the best so far, and whether to stop."""

    def __init__(self, monitor: str, mode: str, patience: int, min_delta: float = 0.0, baseline: float | None = None):
        self.monitor, self.mode, self.patience = monitor, mode, patience
        self.min_delta, self.baseline = min_delta, baseline
        self.best, self.wait, self.has_best = math.inf if mode == "min" else -math.inf, 0, False

    def observe(self, epoch: int, logs: dict[str, float]) -> tuple[bool, bool]:
        value = logs.get(self.monitor, math.nan)
        is_better = is_improvement(value, self.best, self.mode, self.min_delta)
        is_best = is_better or not self.has_best
        self.has_best = True
        if is_better:
            self.best = value
        beats = self.baseline is None or is_improvement(value, self.baseline, self.mode, self.min_delta)
        self.wait = 0 if is_better and beats else self.wait + 1
        return is_best, not is_better and self.wait >= self.patience and epoch > 1


class ReduceOnPlateau:
    """Lowers the learning rate, by the product `rate_factor`, when a value no longer improves."""

    def __init__(
        self,
        monitor: str,
        mode: str,
        factor: float = 0.1,
        patience: int = 10,
        min_delta: float = 0.0001,
        cooldown: int = 0,
        min_learning_rate: float = 0.0,
    ):
        self.monitor, self.mode, self.factor, self.patience = monitor, mode, factor, patience
        self.min_delta, self.cooldown, self.min_learning_rate = min_delta, cooldown, min_learning_rate
        self.best, self.wait, self.cooling, self.rate_factor = math.inf if mode == "min" else -math.inf, 0, 0, 1.0

    def observe(self, logs: dict[str, float], rate: float) -> None:
        value = logs.get(self.monitor, math.nan)
        if self.cooling > 0:
            self.cooling -= 1
            self.wait = 0
        if is_improvement(value, self.best, self.mode, self.min_delta):
            self.best, self.wait = value, 0
        elif self.cooling == 0:
            self.wait += 1
            if self.wait >= self.patience and rate > self.min_learning_rate:
                self.rate_factor *= max(self.factor, self.min_learning_rate / rate)
                self.cooling, self.wait = self.cooldown, 0


def append_csv(path: Path, logs: dict[str, float], separator: str = ",") -> None:
    """Appends a row to a table, with a header of names before the first one."""
    is_new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=separator, lineterminator="\n")
        if is_new:
            writer.writerow(logs)
        writer.writerow(logs.values())


def print_logs(title: str, logs: dict[str, float]) -> None:
    if RANK == 0:
        print(title, *(f"{name} {value:.4g}" for name, value in logs.items()), flush=True)
