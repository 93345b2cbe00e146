"""Reads the datasets of compiled Python scripts with NumPy: the same files and samples as `train`.

`compile` copies into a script the definitions that it uses. Their names and arguments are those of the readers of
TypeScript scripts (`readMnistFiles`), in snake case.
"""

import gzip
import math
import re
import zipfile
import zlib
from pathlib import Path

import numpy as np

Samples = tuple[np.ndarray, np.ndarray]
Data = dict[str, Samples]


def file_at(path: str, place: Path | None) -> Path:
    """Finds a file: at its path, or in the folder given by --data, or at --data itself."""
    if place is None:
        return Path(path)
    return place / Path(path).name if place.is_dir() else place


def read_mnist_files(folder: Path) -> dict[str, Samples]:
    data = {}
    for split, prefix in {"train": "train", "test": "t10k"}.items():
        images, labels = (read_or_unzip(folder / f"{prefix}-{kind}-ubyte") for kind in ("images-idx3", "labels-idx1"))
        data[split] = images[16:].reshape(*images[4:16].view(">u4"), 1) / np.float32(255), labels[8:].astype("int32")
    return data


def read_or_unzip(path: Path) -> np.ndarray:
    content = path.read_bytes() if path.exists() else gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes())
    return np.frombuffer(content, np.uint8)


def read_idx_folder(folder: Path, prefix: str) -> Data:
    """Reads IDX files with names such as MNIST's or emnist-letters-train-images-idx3-ubyte."""

    def find(split: str, kind: str) -> Path | None:
        pattern = re.compile(rf"(^|[^a-z])({split})[-_].*{kind}.*ubyte(\.gz)?$", re.IGNORECASE)
        found = sorted(path for path in folder.iterdir() if path.name.startswith(prefix) and pattern.search(path.name))
        return found[0] if found else None

    data = {}
    for split, names in {"train": "train", "test": "t10k|test"}.items():
        images, labels = find(names, "images"), find(names, "labels")
        if images and labels:
            data[split] = read_idx_pair(images, labels)
    if "train" not in data:
        raise ValueError(f"{folder} contains no IDX files of training samples")
    return data


def read_idx_pair(images: Path, labels: Path) -> Samples:
    """Reads images and their classes from two IDX files."""
    pixels = read_idx(images)
    inputs = pixels.reshape(*pixels.shape, 1) if pixels.ndim == 3 else pixels
    return inputs.astype("float32") / 255, read_idx(labels).astype("int32")


def read_idx(path: Path) -> np.ndarray:
    """Reads an array from an IDX file of bytes or its .gz: a header with the sizes of its axes, then the values."""
    content = read_or_unzip(path.with_suffix("") if path.suffix == ".gz" else path)
    start = 4 + 4 * int(content[3])
    return content[start:].reshape(content[4:start].view(">u4").astype(int))


def read_cifar10(folder: Path) -> Data:
    """Reads CIFAR-10: 50,000 training and 10,000 test images of ten classes, 32x32x3."""
    train = [folder / f"data_batch_{number}.bin" for number in range(1, 6)]
    return {"train": read_cifar(train, 1, 0), "test": read_cifar([folder / "test_batch.bin"], 1, 0)}


def read_cifar100(labels: str, folder: Path) -> Data:
    """Reads CIFAR-100: 50,000 training and 10,000 test images, 32x32x3, with their `fine` or `coarse` classes."""
    label_at = 1 if labels == "fine" else 0
    return {split: read_cifar([folder / f"{split}.bin"], 2, label_at) for split in ("train", "test")}


def read_cifar(files: list[Path], label_bytes: int, label_at: int) -> Samples:
    """Reads records: labels, then 1,024 bytes each of red, green and blue."""
    records = np.concatenate([np.fromfile(file, np.uint8).reshape(-1, label_bytes + 3072) for file in files])
    images = records[:, label_bytes:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return images.astype("float32") / 255, records[:, label_at].astype("int32")


def read_npz(
    path: str,
    sample_shape: tuple[int, ...],
    is_class: bool,
    place: Path | None,
    train: list[str],
    test: list[str],
) -> Data:
    """Reads arrays by name from an .npz file; the test arrays are optional."""
    data = {}
    try:
        with np.load(file_at(path, place), allow_pickle=False) as arrays:
            for split, (inputs, targets) in {"train": train, "test": test}.items():
                if split == "train" or inputs in arrays:
                    data[split] = samples_of(arrays[inputs], arrays[targets], sample_shape, is_class)
    except (zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(f"{file_at(path, place)} is damaged: {error}") from None
    return data


def read_npy(
    sample_shape: tuple[int, ...],
    is_class: bool,
    place: Path | None,
    train: list[str],
    test: list[str] | None = None,
) -> Data:
    """Reads one .npy file for each array; the test arrays are optional."""
    data = {}
    for split, files in {"train": train, "test": test}.items():
        if files is not None:
            inputs, targets = (np.load(file_at(file, place), allow_pickle=False) for file in files)
            data[split] = samples_of(inputs, targets, sample_shape, is_class)
    return data


def samples_of(inputs: np.ndarray, targets: np.ndarray, sample_shape: tuple[int, ...], is_class: bool) -> Samples:
    """Converts arrays to samples: bytes are scaled to 0 to 1; labels may be one-hot rows."""
    if len(inputs) != len(targets) or inputs.size != len(inputs) * math.prod(sample_shape):
        raise ValueError(f"arrays of {inputs.shape} and {targets.shape} are not samples of {sample_shape} with labels")
    scale = 255 if inputs.dtype == np.uint8 else 1
    values = (inputs.astype("float32") / scale).reshape(-1, *sample_shape)
    if not is_class:
        return values, targets.astype("float32").reshape(-1)
    rows = targets.reshape(len(targets), -1)
    classes = rows.argmax(axis=1) if rows.shape[1] > 1 else rows[:, 0]
    return values, classes.astype("int32")


def hold_out(data: Data, fraction: float) -> Data:
    """Holds out the last fraction of the training samples for validation."""
    inputs, labels = data["train"]
    first = math.floor(len(labels) * (1 - fraction))
    if "validation" in data or first == len(labels):
        return data
    return {**data, "train": (inputs[:first], labels[:first]), "validation": (inputs[first:], labels[first:])}


def hold_out_stratified(data: Data, fraction: float) -> Data:
    """Holds out a fraction of each class for validation, the same samples in every run."""
    return hold_out_rows(data, "validation", fraction)


def split_for_testing(data: Data, fraction: float) -> Data:
    """Holds out a fraction of each class for testing if there are no test samples, the same samples in every run."""
    return hold_out_rows(data, "test", fraction)


def hold_out_rows(data: Data, split: str, fraction: float) -> Data:
    inputs, labels = data["train"]
    chosen = stratified_rows(labels, fraction)
    if split in data or not chosen.any():
        return data
    return {**data, "train": (inputs[~chosen], labels[~chosen]), split: (inputs[chosen], labels[chosen])}


def stratified_rows(labels: np.ndarray, fraction: float) -> np.ndarray:
    """Chooses the same fraction of each class; samples whose labels are values count as one class."""
    classes = labels if labels.dtype.kind == "i" else np.zeros(len(labels), int)
    sizes = dict(zip(*np.unique(classes, return_counts=True)))
    wanted = {label: math.floor(size * fraction) for label, size in sizes.items()}
    left = math.floor(len(labels) * fraction + 0.5) - sum(wanted.values())
    by_remainder = sorted(sizes, key=lambda label: (wanted[label] - sizes[label] * fraction, label))
    for label in by_remainder[: max(left, 0)]:
        wanted[label] += 1
    chosen = np.zeros(len(labels), bool)
    for sample in shuffled_indices(len(labels), mix_seed(0, 0)):
        if wanted[classes[sample]] > 0:
            wanted[classes[sample]] -= 1
            chosen[sample] = True
    return chosen


def shuffled_indices(count: int, seed: int) -> np.ndarray:
    """The indices 0 to count - 1, shuffled (Fisher-Yates)."""
    indices = np.arange(count)
    for last, draw in zip(range(count - 1, 0, -1), uniform_numbers(seed, max(count - 1, 0))):
        other = math.floor(draw * (last + 1))
        indices[last], indices[other] = indices[other], indices[last]
    return indices


def uniform_numbers(seed: int, count: int) -> np.ndarray:
    """Uniform numbers in [0, 1): mulberry32 by Tommy Ettinger, public domain."""
    state = (np.arange(1, count + 1, dtype=np.uint64) * 0x6D2B79F5 + seed).astype(np.uint32)
    bits = (state ^ (state >> 15)) * (state | 1)
    bits ^= bits + (bits ^ (bits >> 7)) * (bits | 61)
    return (bits ^ (bits >> 14)) / 4294967296


def mix_seed(*parts: int) -> int:
    """Hashes integers to a seed other than 0 (MurmurHash3's fmix32)."""
    hash = 0x9E3779B9
    for part in parts:
        part &= 0xFFFFFFFF
        hash = (hash ^ part ^ ((hash ^ part) >> 16)) * 0x85EBCA6B & 0xFFFFFFFF
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35 & 0xFFFFFFFF
        hash ^= hash >> 16
    return hash or 1


def read_synthetic(
    shape: tuple[int, ...], train: int, test: int, noise: float, seed: int, classes: int | None = None
) -> Data:
    """Generates samples around a center for each class, or with the tanh of a weighted sum of the inputs as labels."""
    counts = {"train": train, "test": test}
    return {
        split: synthetic_samples(shape, count, noise, seed, classes, -1 if split == "train" else -2)
        for split, count in counts.items()
        if count > 0
    }


def synthetic_samples(
    shape: tuple[int, ...], count: int, noise: float, seed: int, classes: int | None, part: int
) -> Samples:
    size = math.prod(shape)
    centers = np.array([synthetic_center(shape, mix_seed(seed, label)) for label in range(classes or 1)])
    draws = 2 * size + (classes is not None) + 2 * (classes is None)
    random = uniform_numbers(mix_seed(seed, part), count * draws).reshape(count, draws)
    if classes is None:
        drawn, added = normal_numbers(random[:, : 2 * size]), normal_numbers(random[:, 2 * size :])[:, 0]
        labels = np.tanh(drawn @ centers[0].astype(float) / math.sqrt(size)) + noise * added
        return drawn.astype("float32").reshape(-1, *shape), labels.astype("float32")
    labels = np.floor(random[:, 0] * classes).astype("int32")
    inputs = centers[labels] + noise * normal_numbers(random[:, 1:])
    return inputs.astype("float32").reshape(-1, *shape), labels


def synthetic_center(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Three soft blobs for images, random values for other shapes."""
    size = math.prod(shape)
    if len(shape) != 3:
        return normal_numbers(uniform_numbers(seed, 2 * size)).astype("float32")
    height, width, channels = shape
    center = np.zeros(shape, "float32")
    for row, column, reach, *strengths in uniform_numbers(seed, 3 * (3 + channels)).reshape(3, -1):
        far = max((0.1 + 0.1 * reach) * min(height, width), 0.5)
        distance = np.hypot(np.arange(height)[:, None] - row * height, np.arange(width) - column * width) / far
        center += (np.exp(-(distance**2) / 2)[..., None] * (1 + np.array(strengths))).astype("float32")
    return center.reshape(-1)


def normal_numbers(uniform: np.ndarray) -> np.ndarray:
    """Normal numbers from pairs of uniform ones (Box and Muller, 1958)."""
    return np.sqrt(-2 * np.log(1 - uniform[..., ::2])) * np.cos(2 * np.pi * uniform[..., 1::2])


def normalize(data: Data, mean: tuple[float, ...] | np.ndarray, std: tuple[float, ...] | np.ndarray) -> Data:
    """Subtracts the mean of each channel and divides by its standard deviation."""
    center, scale = np.array(mean, "float32"), np.array(std, "float32")
    return {split: ((inputs - center) / scale, labels) for split, (inputs, labels) in data.items()}


def normalize_fitted(data: Data) -> Data:
    """Normalizes channels to mean 0 and standard deviation 1, measured on the training samples."""
    mean, std = channel_statistics(data["train"][0])
    return normalize(data, mean, std)


def channel_statistics(inputs: np.ndarray) -> Samples:
    """The mean and standard deviation of each channel; 1 for a channel that is constant."""
    axes = tuple(range(inputs.ndim - 1))
    deviation = inputs.std(axis=axes, dtype=float)
    mean = inputs.mean(axis=axes, dtype=float).astype("float32")
    return mean, np.where(deviation > 1e-6, deviation, 1).astype("float32")
