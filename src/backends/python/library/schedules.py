"""Learning rate schedules of compiled Python scripts: the rate of a step, from that of the optimizer."""

import math


def constant_schedule(rate: float, step: int, steps_per_epoch: int, epochs: int, warmup: float = 0) -> float:
    """The rate after the warmup."""
    return warmup_rate(rate, step, steps_per_epoch, warmup)


def step_schedule(
    rate: float, step: int, steps_per_epoch: int, epochs: int, every: float, factor: float = 0.1, warmup: float = 0
) -> float:
    """rate * factor ** floor(step / steps in `every` epochs)"""
    if step < steps_in(warmup, steps_per_epoch):
        return warmup_rate(rate, step, steps_per_epoch, warmup)
    return rate * factor ** math.floor(whole_if_close(step / steps_in(every, steps_per_epoch)))


def multi_step_schedule(
    rate: float,
    step: int,
    steps_per_epoch: int,
    epochs: int,
    at: tuple[float, ...],
    factor: float = 0.1,
    warmup: float = 0,
) -> float:
    """rate * factor ** (number of epochs in `at` that have passed)"""
    if step < steps_in(warmup, steps_per_epoch):
        return warmup_rate(rate, step, steps_per_epoch, warmup)
    return rate * factor ** sum(step >= steps_in(end, steps_per_epoch) for end in at)


def exponential_schedule(
    rate: float, step: int, steps_per_epoch: int, epochs: int, factor: float, every: float = 1, warmup: float = 0
) -> float:
    """rate * factor ** (epochs since the warmup / every)"""
    since = step - steps_in(warmup, steps_per_epoch)
    if since < 0:
        return warmup_rate(rate, step, steps_per_epoch, warmup)
    return rate * factor ** whole_if_close(since / steps_in(every, steps_per_epoch))


def cosine_schedule(
    rate: float,
    step: int,
    steps_per_epoch: int,
    epochs: int,
    fall: float | None = None,
    alpha: float = 0,
    warmup: float = 0,
) -> float:
    """Falls along a cosine to `alpha` times the rate, in `fall` epochs or to the end of the run."""
    since = step - steps_in(warmup, steps_per_epoch)
    if since < 0:
        return warmup_rate(rate, step, steps_per_epoch, warmup)
    progress = min(since / steps_in(epochs - warmup if fall is None else fall, steps_per_epoch), 1)
    return rate * ((1 - alpha) * 0.5 * (1 + math.cos(math.pi * progress)) + alpha)


def polynomial_schedule(
    rate: float,
    step: int,
    steps_per_epoch: int,
    epochs: int,
    fall: float | None = None,
    end_learning_rate: float = 0.0001,
    power: float = 1,
    warmup: float = 0,
) -> float:
    """Falls to `end_learning_rate` in `fall` epochs or to the end of the run."""
    since = step - steps_in(warmup, steps_per_epoch)
    if since < 0:
        return warmup_rate(rate, step, steps_per_epoch, warmup)
    progress = min(since / steps_in(epochs - warmup if fall is None else fall, steps_per_epoch), 1)
    return (rate - end_learning_rate) * (1 - progress) ** power + end_learning_rate


def one_cycle_schedule(
    rate: float,
    step: int,
    steps_per_epoch: int,
    epochs: int,
    pct_start: float = 0.3,
    div_factor: float = 25,
    final_div_factor: float = 1e4,
    anneal_strategy: str = "cos",
) -> float:
    """Raises the rate to that of the optimizer, then lowers it to almost 0 (Smith and Topin, 2017)."""
    first, last_step = rate / div_factor, epochs * steps_per_epoch - 1
    peak = whole_if_close(pct_start * (last_step + 1)) - 1
    start = max(peak, 0)
    if step <= peak:
        before, after, progress = first, rate, step / peak if peak > 0 else 1
    else:
        progress = min((step - start) / (last_step - start), 1) if last_step > start else 1
        before, after = rate, first / final_div_factor
    if anneal_strategy == "linear":
        return before + (after - before) * progress
    return after + (before - after) / 2 * (1 + math.cos(math.pi * progress))


def warmup_rate(rate: float, step: int, steps_per_epoch: int, warmup: float) -> float:
    """Rises from 0 to the rate in `warmup` epochs."""
    steps = steps_in(warmup, steps_per_epoch)
    return rate * (step / steps) if step < steps else rate


def steps_in(epochs: float, steps_per_epoch: int) -> float:
    return whole_if_close(epochs * steps_per_epoch)


def whole_if_close(value: float) -> float:
    """Undoes the rounding error of a product that should be an integer: 0.55 * 100 is 55.00000000000001."""
    whole = math.floor(value + 0.5)
    return whole if abs(value - whole) <= 4 * 2**-52 * abs(value) else value
