"""What the programs of compiled Keras scripts share."""

import math
from pathlib import Path

import keras
import numpy as np


def load_weights(model: keras.Model, file: Path) -> None:
    """Sets the weights from an .npz file with arrays LAYER/INDEX."""
    with np.load(file) as arrays:
        for layer in model.layers:
            if layer.weights:
                layer.set_weights([arrays[f"{layer.name}/{index}"] for index in range(len(layer.weights))])


class Batches(keras.utils.PyDataset):
    """Batches of samples that `prepare` makes; with a seed, in another order in each epoch and changed at random."""

    def __init__(self, samples, batch_size: int, prepare, seed: int | None = None, shuffle=False, **options) -> None:
        super().__init__()
        self.inputs, self.labels = samples
        self.batch_size, self.prepare, self.shuffle, self.options = batch_size, prepare, shuffle, options
        self.rng = None if seed is None else np.random.default_rng(seed)
        self.order = np.arange(len(self.labels))
        self.on_epoch_end()

    def __len__(self) -> int:
        return math.ceil(len(self.labels) / self.batch_size)

    def __getitem__(self, index: int):
        rows = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        return self.prepare(self.inputs[rows], self.labels[rows], self.rng, **self.options)

    def on_epoch_end(self) -> None:
        if self.rng is not None and self.shuffle:
            self.rng.shuffle(self.order)


class ModelCheckpointEvery(keras.callbacks.Callback):
    """Saves the weights every so many epochs or steps, and at the end."""

    def __init__(self, path: Path, every: int, unit: str) -> None:
        super().__init__()
        self.path, self.every, self.unit, self.steps = path, every, unit, 0

    def on_train_batch_end(self, batch, logs=None) -> None:
        self.steps += 1
        if self.unit == "steps" and self.steps % self.every == 0:
            self.save(self.steps)

    def on_epoch_end(self, epoch: int, logs=None) -> None:
        if self.unit == "epochs" and (epoch + 1) % self.every == 0:
            self.save(epoch + 1)

    def save(self, number: int) -> None:
        self.model.save_weights(str(self.path).format(epoch=number, batch=number))
