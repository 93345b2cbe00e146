"""Reads images in class folders in compiled Python scripts, with Pillow; pixels may differ a little from those of `train`."""

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
    if "test" not in data:
        first = max(1, int(len(labels) * (1 - test_split) + 0.5))
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
    height, width = size
    scales = (width / image.width, height / image.height)
    if fit == "fill":
        return np.asarray(image.resize((width, height), resample_of(max(scales)))).reshape(height, width, channels)
    scale = max(scales) if fit == "cover" else min(scales)
    # Both margins are equal, so a side may differ by a pixel from the exact proportions.
    scaled = [max(1, to + 2 * round((side * scale - to) / 2)) for side, to in zip(image.size, (width, height))]
    resized = np.asarray(image.resize((scaled[0], scaled[1]), resample_of(scale))).reshape(*scaled[::-1], channels)
    result = np.zeros((height, width, channels), np.uint8)
    if channels == 4:
        result[..., 3] = 255
    top, left = (scaled[1] - height) // 2, (scaled[0] - width) // 2
    seen = resized[max(top, 0) : max(top, 0) + height, max(left, 0) : max(left, 0) + width]
    result[max(-top, 0) : max(-top, 0) + seen.shape[0], max(-left, 0) : max(-left, 0) + seen.shape[1]] = seen
    return result


def resample_of(scale: float) -> Image.Resampling:
    return Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.LANCZOS


def measure_images(paths: np.ndarray, size: tuple[int, int], channels: int, fit: str) -> tuple[np.ndarray, np.ndarray]:
    """The mean and standard deviation of each channel over the first 5,000 images, but at most half of them."""
    images = decode_images(paths[: max(1, min(5000, len(paths) // 2))], size, channels, fit)
    return channel_statistics(images)
