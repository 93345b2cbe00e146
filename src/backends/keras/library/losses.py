"""Losses and metrics that Keras 3 lacks or computes otherwise. Targets are rows of the shape of the predictions."""

import keras
import numpy as np
from keras import ops


def binary_crossentropy_of_softmax(y_true, logits, label_smoothing: float = 0):
    """The binary crossentropy for p = softmax(logits); for p > 0.5, 1 - p is the sum of the other classes."""
    y_true = y_true * (1 - label_smoothing) + 0.5 * label_smoothing
    logarithms = ops.log_softmax(logits)
    probabilities = ops.exp(logarithms)
    likely = ops.stop_gradient(ops.cast(probabilities > 0.5, logits.dtype))
    others = ops.logsumexp(logits - likely * 1e30, axis=-1, keepdims=True)
    of_others = others - ops.logsumexp(logits, axis=-1, keepdims=True)
    when_zero = ops.where(likely > 0, of_others, ops.log1p(-ops.minimum(probabilities, 0.5)))
    return -ops.mean(y_true * logarithms + (1 - y_true) * when_zero, axis=-1)


def kullback_leibler_divergence(y_true, y_pred):
    """Σ target * log(target / prediction), with both clipped to [1e-7, 1] in the logarithm."""
    logarithms = ops.log(ops.clip(y_pred, 1e-7, 1.0))
    return ops.sum(y_true * (ops.log(ops.clip(y_true, 1e-7, 1.0)) - logarithms), axis=-1)


def kullback_leibler_divergence_of_softmax(y_true, logits):
    return ops.sum(y_true * (ops.log(ops.clip(y_true, 1e-7, 1.0)) - ops.log_softmax(logits)), axis=-1)


def kullback_leibler_divergence_of_sigmoid(y_true, logits):
    return ops.sum(y_true * (ops.log(ops.clip(y_true, 1e-7, 1.0)) - ops.log_sigmoid(logits)), axis=-1)


def cosine_proximity(y_true, y_pred):
    """The negative cosine of the angle between prediction and target; short vectors are scaled by 1 / sqrt(1e-7)."""

    def unit(x):
        return x / ops.sqrt(ops.maximum(ops.sum(ops.square(x), axis=-1, keepdims=True), 1e-7))

    return -ops.sum(unit(y_true) * unit(y_pred), axis=-1)


def signed_hinge(y_true, y_pred):
    """max(0, 1 - target * prediction), where a target of 0 counts as -1."""
    return ops.mean(ops.relu(1 - signed_targets(y_true) * y_pred), axis=-1)


def signed_squared_hinge(y_true, y_pred):
    return ops.mean(ops.square(ops.relu(1 - signed_targets(y_true) * y_pred)), axis=-1)


def signed_targets(y_true):
    return y_true - ops.cast(y_true == 0, y_true.dtype)


class OfLogits(keras.metrics.Metric):
    """A metric of probabilities, for a network that returns logits."""

    def __init__(self, metric: keras.metrics.Metric, activation) -> None:
        super().__init__(name=metric.name)
        self.metric, self.activation = metric, activation

    def update_state(self, y_true, y_pred, sample_weight=None) -> None:
        self.metric.update_state(y_true, self.activation(y_pred), sample_weight)

    def result(self):
        return self.metric.result()

    def reset_state(self) -> None:
        self.metric.reset_state()


class R2(keras.metrics.Metric):
    """1 - Σ(target - prediction)² / Σ(target - mean target)² over all entries; 0 if all targets are equal."""

    def __init__(self, name: str = "r2Score") -> None:
        super().__init__(name=name)
        self.missed, self.total, self.squares, self.count = (
            self.add_weight(name=part, initializer="zeros") for part in ("missed", "total", "squares", "count")
        )

    def update_state(self, y_true, y_pred, sample_weight=None) -> None:
        y_true = ops.cast(y_true, "float32")
        self.missed.assign_add(ops.sum(ops.square(y_true - y_pred)))
        self.total.assign_add(ops.sum(y_true))
        self.squares.assign_add(ops.sum(ops.square(y_true)))
        self.count.assign_add(ops.cast(ops.size(y_true), "float32"))

    def result(self):
        spread = self.squares - ops.square(self.total) / self.count
        return ops.where(spread > 0, 1 - self.missed / spread, 0.0)


def class_weights_of(labels: np.ndarray, weights) -> np.ndarray:
    """The weight of each sample by its class, or by the largest of its fractions of classes."""
    return np.asarray(weights, "float32")[labels.argmax(axis=1) if labels.ndim > 1 else labels]


def balanced_weights(labels: np.ndarray, classes: int) -> np.ndarray:
    """samples / (classes * samples of the class), where only classes with samples count."""
    counts = np.bincount(labels, minlength=classes)
    return np.where(counts > 0, len(labels) / (np.count_nonzero(counts) * np.maximum(counts, 1)), 1)
