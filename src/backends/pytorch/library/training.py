"""The callbacks of compiled PyTorch scripts."""

import csv
import math
from pathlib import Path

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
