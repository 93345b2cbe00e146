"""Reads trained weights, as NumPy arrays by their names."""

import json
import math
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file


def read_tensors(file: Path) -> dict[str, np.ndarray]:
    """The arrays of a safetensors file, or the weights of a checkpoint."""
    return {name.removeprefix("weights/"): array for name, array in load_file(file).items()}


def read_tfjs(file: Path) -> dict[str, np.ndarray]:
    """The arrays of a model.json of TensorFlow.js, which has its weights in one file beside it."""
    [group] = json.loads(file.read_text())["weightsManifest"]
    numbers = np.fromfile(file.with_name(group["paths"][0]), "<f4")
    arrays: dict[str, np.ndarray] = {}
    start = 0
    for weight in group["weights"]:
        end = start + math.prod(weight["shape"])
        arrays[weight["name"]] = numbers[start:end].reshape(weight["shape"])
        start = end
    return arrays


def gru_gates(array: np.ndarray) -> np.ndarray:
    """The gates of a GRU in the order of PyTorch."""
    update, reset, new = np.split(array, 3, -1)
    return np.concatenate([reset, update, new], -1)
