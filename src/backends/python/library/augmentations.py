"""Random changes of training samples in compiled Python scripts; images are [batch, height, width, channels], 0 to 1."""

import numpy as np


def random_flip(images: np.ndarray, rng: np.random.Generator, mode: str = "horizontal") -> np.ndarray:
    """Flips each image with probability 1/2, along each axis of `mode` independently."""
    if mode != "vertical":
        images = np.where(rng.random((len(images), 1, 1, 1)) < 0.5, images[:, :, ::-1], images)
    if mode != "horizontal":
        images = np.where(rng.random((len(images), 1, 1, 1)) < 0.5, images[:, ::-1], images)
    return images


def random_crop(images: np.ndarray, rng: np.random.Generator, padding: int) -> np.ndarray:
    """Shifts each image by up to `padding` pixels in each direction; uncovered pixels are black."""
    _, height, width, _ = images.shape
    padded = np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    starts = rng.integers(0, 2 * padding + 1, (len(images), 2))
    return np.stack([image[y : y + height, x : x + width] for image, (y, x) in zip(padded, starts)])


def random_rotation(images: np.ndarray, rng: np.random.Generator, degrees: float) -> np.ndarray:
    """Rotates each image around its center by up to `degrees`, with bilinear interpolation and black beyond the edges."""
    _, height, width, _ = images.shape
    middle_y, middle_x = (height - 1) / 2, (width - 1) / 2
    y, x = np.mgrid[:height, :width].astype("float32")
    padded = np.pad(images, ((0, 0), (1, 2), (1, 2), (0, 0)))
    rotated = np.empty_like(images)
    for row, angle in enumerate(np.radians(rng.uniform(-degrees, degrees, len(images)))):
        from_x = middle_x + np.cos(angle) * (x - middle_x) - np.sin(angle) * (y - middle_y)
        from_y = middle_y + np.sin(angle) * (x - middle_x) + np.cos(angle) * (y - middle_y)
        # One black pixel surrounds the image, and points further away are moved onto it.
        from_x, from_y = np.clip(from_x, -1, width) + 1, np.clip(from_y, -1, height) + 1
        left, top = np.floor(from_x).astype(int), np.floor(from_y).astype(int)
        right, below = (from_x - left)[..., np.newaxis], (from_y - top)[..., np.newaxis]
        upper = padded[row, top, left] * (1 - right) + padded[row, top, left + 1] * right
        lower = padded[row, top + 1, left] * (1 - right) + padded[row, top + 1, left + 1] * right
        rotated[row] = upper * (1 - below) + lower * below
    return rotated


def random_brightness(images: np.ndarray, rng: np.random.Generator, factor: float) -> np.ndarray:
    """Adds a number, uniform in [-factor, factor], to each image and clips it to [0, 1]."""
    added = rng.uniform(-factor, factor, (len(images), 1, 1, 1))
    return np.clip(images + added, 0, 1).astype("float32")


def random_contrast(images: np.ndarray, rng: np.random.Generator, factor: float) -> np.ndarray:
    """Multiplies differences from the channel's mean by a number, uniform in [1 - factor, 1 + factor]."""
    scale = rng.uniform(1 - factor, 1 + factor, (len(images), 1, 1, 1))
    mean = images.mean(axis=(1, 2), keepdims=True)
    return np.clip(mean + (images - mean) * scale, 0, 1).astype("float32")


def cutout(images: np.ndarray, rng: np.random.Generator, size: int) -> np.ndarray:
    """Blackens a square around a random pixel of each image (DeVries and Taylor, 2017)."""
    _, height, width, _ = images.shape
    images = images.copy()
    for image in images:
        top, left = rng.integers(height) - size // 2, rng.integers(width) - size // 2
        image[max(top, 0) : max(top + size, 0), max(left, 0) : max(left + size, 0)] = 0
    return images


def mixup(
    inputs: np.ndarray, labels: np.ndarray, rng: np.random.Generator, alpha: float = 0.2
) -> tuple[np.ndarray, np.ndarray]:
    """Mixes each sample and its label with another one of its batch (Zhang et al., 2018)."""
    others, parts = rng.permutation(len(inputs)), rng.beta(alpha, alpha, len(inputs)).astype("float32")

    def mix(rows: np.ndarray) -> np.ndarray:
        own = parts.reshape(-1, *[1] * (rows.ndim - 1))
        return own * rows + (1 - own) * rows[others]

    return mix(inputs), mix(labels)
