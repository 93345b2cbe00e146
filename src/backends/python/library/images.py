"""Reads images in class folders in compiled Python scripts, with Pillow; pixels may differ a little from those of `train`."""

import math
from pathlib import Path

import numpy as np
from data import Data, Samples, channel_statistics, mix_seed, shuffled_indices
from PIL import Image, ImageOps


def read_image_folder(folder: Path, classes: list[str], test_split: float) -> Data:
    """Lists images in class folders, in `train` and `test` or `val`, or directly in the folder; inputs are their paths."""
    found = image_splits(folder)
    data = {split: list_images(path, classes) for split, path in found.items()}
    inputs, labels = data["train"]
    if len(labels) == 0:
        raise ValueError(f"{found['train']} contains no class folders with images; pass another folder with --data")
    if "test" not in data and "validation" in data:
        data["test"] = data["validation"]
    first = max(1, int(len(labels) * (1 - test_split) + 0.5))
    if "test" not in data and first < len(labels):
        data.update(train=(inputs[:first], labels[:first]), test=(inputs[first:], labels[first:]))
    return data


def image_splits(folder: Path) -> dict[str, Path]:
    """The folders of the splits; without them, the folder has the class folders itself."""
    inside = {path.name.lower(): path for path in folders_in(folder)}
    names = {"train": ("train", "training"), "validation": ("val", "valid", "validation"), "test": ("test", "testing")}
    found = {split: [inside[name] for name in known if name in inside] for split, known in names.items()}
    if not found["train"] or not folders_in(found["train"][0]):
        return {"train": folder}
    return {split: paths[0] for split, paths in found.items() if paths}


def folders_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def list_images(folder: Path, classes: list[str]) -> Samples:
    """The paths of the images in a random but fixed order, so each part of it has all classes."""
    kinds = {".png", ".jpg", ".jpeg", ".webp"}
    found = [
        (path, classes.index(inside.name))
        for inside in folders_in(folder)
        for path in sorted(inside.rglob("*"), key=str)
        if path.suffix.lower() in kinds and not path.name.startswith(".")
    ]
    order = shuffled_indices(len(found), mix_seed(0, 0))
    paths = np.array([str(path) for path, _ in found], dtype=object)
    return paths[order], np.array([label for _, label in found], dtype="int32")[order]


def decode_images(paths: np.ndarray, size: tuple[int, int], channels: int, fit: str) -> np.ndarray:
    """Decodes and resizes images: values from 0 to 1, [images, height, width, channels]."""
    pixels = np.stack([decode_image(path, size, channels, fit) for path in paths])
    return pixels.astype("float32") / 255


def decode_image(path: str, size: tuple[int, int], channels: int, fit: str) -> np.ndarray:
    with Image.open(path) as opened:
        upright = ImageOps.exif_transpose(opened)
        # Opacity is dropped, not blended.
        image = upright.convert("RGBA" if channels == 4 else "RGB")
        if channels == 1:
            image = image.convert("L")
    to = (size[1], size[0])
    scales = [end / side for end, side in zip(to, image.size)]
    scale = max(scales) if fit == "cover" else min(scales)
    # Both margins are equal, so a side may differ by a pixel from the exact proportions.
    scaled = [max(2 - end % 2, end + 2 * math.floor((side * scale - end + 1) / 2)) for side, end in zip(image.size, to)]
    if fit == "fill":
        scaled = list(to)
    is_enlarged = any(length > side for length, side in zip(scaled, image.size))
    for axis, length in enumerate(scaled):
        # Source pixels for each pixel of the result.
        step = 1 / scale if is_enlarged and fit != "fill" else image.size[axis] / length
        image = resample(image, axis, min(length, to[axis]), step)
    result = np.zeros((*size, channels), np.uint8)
    if channels == 4:
        result[..., 3] = 255
    left, top = [(end - side) // 2 for end, side in zip(to, image.size)]
    pixels = np.asarray(image).reshape(image.height, image.width, channels)
    result[top : top + image.height, left : left + image.width] = pixels
    return result


def resample(image: Image.Image, axis: int, length: int, step: float) -> Image.Image:
    """Resamples the middle of an image along an axis: bicubic if that enlarges it, otherwise Lanczos."""
    side = image.size[axis]
    seen = min(side, length * step)
    box = [0.0, 0.0, float(image.width), float(image.height)]
    box[axis], box[axis + 2] = (side - seen) / 2, (side + seen) / 2
    shape = (length, image.height) if axis == 0 else (image.width, length)
    kind = Image.Resampling.BICUBIC if step < 1 else Image.Resampling.LANCZOS
    return image.resize(shape, kind, (box[0], box[1], box[2], box[3]))


def measure_images(paths: np.ndarray, size: tuple[int, int], channels: int, fit: str) -> tuple[np.ndarray, np.ndarray]:
    """The mean and standard deviation of each channel over the first 5,000 images, but at most half of them."""
    images = decode_images(paths[: max(1, min(5000, len(paths) // 2))], size, channels, fit)
    return channel_statistics(images)
