"""Reads tables of comma-separated values in compiled Python scripts, with the columns that `compile` found."""

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
from data import Data, Samples, file_at


def read_csv(
    place: Path | None,
    train: str,
    inputs: list[dict[str, Any]],
    label: str,
    delimiter: str,
    decimal: str,
    validation: str | None = None,
    test: str | None = None,
    classes: list[Any] | None = None,
    names: list[str] | None = None,
) -> Data:
    """Reads tables with the same columns; each row is a sample."""
    data = {}
    for split, file in {"train": train, "validation": validation, "test": test}.items():
        if file is not None:
            path = Path(file) if split != "train" and place and place.is_file() else file_at(file, place)
            data[split] = read_table(path, inputs, label, delimiter, decimal, classes, names)
    return data


def read_table(
    path: Path,
    inputs: list[dict[str, Any]],
    label: str,
    delimiter: str,
    decimal: str,
    classes: list[Any] | None,
    names: list[str] | None,
) -> Samples:
    text = io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")
    rows = [[cell.strip() for cell in row] for row in csv.reader(text, delimiter=delimiter) if any(row)]
    header = names or rows.pop(0)

    def read_column(name: str, known: list[Any] | None) -> np.ndarray:
        if name not in header:
            raise ValueError(f"{path} has no column {name}")
        cells = [row[header.index(name)] for row in rows]
        if known is not None and isinstance(known[0], str):
            return np.array([known.index(cell) for cell in cells])
        numbers = np.array([float(cell.replace(decimal, ".")) for cell in cells])
        return numbers if known is None else np.array([known.index(number) for number in numbers])

    columns = []
    for column in inputs:
        values = read_column(column["name"], column.get("oneHot") or column.get("index"))
        columns.append(np.eye(len(column["oneHot"]))[values] if "oneHot" in column else values[:, np.newaxis])
    labels = read_column(label, classes)
    kind = "float32" if classes is None else "int32"
    return np.concatenate(columns, axis=1).astype("float32"), labels.astype(kind)


def standardize(data: Data, columns: tuple[int, ...]) -> Data:
    """Scales these columns to mean 0 and standard deviation 1, measured on the training samples."""
    values = data["train"][0].astype(float)
    return scale_columns(data, columns, values.mean(axis=0), values.std(axis=0))


def scale_to_unit(data: Data, columns: tuple[int, ...]) -> Data:
    """Scales these columns to 0..1, measured on the training samples."""
    values = data["train"][0].astype(float)
    return scale_columns(data, columns, values.min(axis=0), np.ptp(values, axis=0))


def scale_columns(data: Data, columns: tuple[int, ...], start: np.ndarray, size: np.ndarray) -> Data:
    chosen = list(columns)
    for inputs, _ in data.values():
        inputs[:, chosen] = (inputs[:, chosen] - start[chosen]) / np.where(size > 0, size, 1)[chosen]
    return data
