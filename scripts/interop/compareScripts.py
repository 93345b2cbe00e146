"""Runs compiled scripts on the numbers in their folders, and prints the relative differences as a line of JSON for each.

A folder has script.py, case.json, weights, inputs.npz and outputs.npz; if its training is compared, also the initial weights
and states.npz with the weights before each step and after training. The runner of a framework calls `main` with functions.
"""

import contextlib
import importlib.util
import io
import json
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

Arrays = list[np.ndarray]
Logs = list[dict[str, float]]


class Framework(NamedTuple):
    reset: Callable[[], None]
    # Builds the model of a script, and hands over weights from a file.
    create: Callable[[Any, Path], Any]
    # The weights of a model in the order of their names.
    weights_of: Callable[[Any, list[str]], Arrays]
    # Returns outputs once for each way to call the model, with the name of this way.
    predict: Callable[[Any, Arrays, dict[str, Any]], Iterable[tuple[str, Arrays]]]
    # Calls the `main` of a script, and returns its exit code, the weights in the order of the names before each step and
    # at the end, and the logs of the epochs.
    train: Callable[[Any, list[str]], tuple[int, list[Arrays], Logs]]


def load_script(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("script", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["script"] = module
    spec.loader.exec_module(module)
    return module


def read_arrays(file: Path) -> dict[str, np.ndarray]:
    with np.load(file) as arrays:
        return dict(arrays)


def difference(found: Any, wanted: np.ndarray) -> float:
    """‖found − wanted‖ / ‖wanted‖, where values that are not finite must be so in both."""
    found, wanted = np.asarray(found, float), np.asarray(wanted, float)
    if found.shape != wanted.shape:
        raise ValueError(f"shape {found.shape} instead of {wanted.shape}")
    is_same = ~np.isfinite(found) & ~np.isfinite(wanted)
    apart = np.linalg.norm(np.where(is_same, 0, found - wanted))
    return float(apart / max(np.linalg.norm(np.where(is_same, 0, wanted)), 1e-3))


def compare_outputs(framework: Framework, script: Any, folder: Path, case: dict[str, Any]) -> dict[str, float]:
    model = framework.create(script, folder / case["weights"])
    inputs, wanted = (list(read_arrays(folder / f"{name}.npz").values()) for name in ("inputs", "outputs"))
    return {
        f"output {index} {way}".strip(): difference(found, other)
        for way, outputs in framework.predict(model, inputs, case)
        for index, (found, other) in enumerate(zip(outputs, wanted, strict=True))
    }


def require_pretrained(framework: Framework, script: Any, folder: Path, case: dict[str, Any]) -> None:
    """Lets the script load trained weights, which must be those that TensorFlow.js starts from, bit for bit."""
    model = framework.create(script, folder / case["weights"])
    script.load_pretrained(model)
    wanted = read_arrays(folder / "loaded.npz")
    for (name, array), found in zip(wanted.items(), framework.weights_of(model, list(wanted)), strict=True):
        if not np.array_equal(found, array):
            raise ValueError(f"{name} was not loaded as it should be")


def compare_training(
    framework: Framework, script: Any, folder: Path, case: dict[str, Any]
) -> tuple[dict[str, float], dict[str, float]]:
    """Runs the whole script, and compares the weights of each step and the logs of each epoch."""
    states: dict[int, dict[str, np.ndarray]] = {}
    for name, array in read_arrays(folder / "states.npz").items():
        step, own = name.split("/", 1)
        states.setdefault(int(step), {})[own] = array
    with tempfile.TemporaryDirectory() as place, contextlib.redirect_stdout(io.StringIO()):
        sys.argv = ["script.py", "--weights", str(folder / case["initial"]), "--out", f"{place}/out"]
        code, found, logs = framework.train(script, list(states[0]))
        if code == 0:
            require_refusal(script)
    if code != 0:
        raise ValueError(f"exit code {code}")
    steps = {
        f"{name} at step {step}": difference(own, wanted)
        for step, arrays in enumerate(found)
        for (name, wanted), own in zip(states[step].items(), arrays, strict=True)
    }
    if len(found) != len(states):
        raise ValueError(f"{len(found)} states of weights instead of {len(states)}")
    epochs = {
        f"{name} of epoch {epoch}": abs(own[name] - value) / max(abs(value), 1e-3)
        for epoch, (wanted, own) in enumerate(zip(case["logs"], logs, strict=True), 1)
        for name, value in wanted.items()
    }
    return steps, epochs


def require_refusal(script: Any) -> None:
    """Runs the script again: it must not train over the model that it saved."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        try:
            code = script.main()
        except SystemExit as end:
            code = end.code
    if code != 2 or "File exists" not in said.getvalue():
        raise ValueError(f"exit code {code} instead of 2 for a folder that exists: {said.getvalue()}")


def compare(framework: Framework, folder: Path) -> dict[str, Any]:
    case = json.loads((folder / "case.json").read_text())
    framework.reset()
    script = load_script(folder / "script.py")
    found = {"outputs": compare_outputs(framework, script, folder, case)}
    if (folder / "loaded.npz").exists():
        require_pretrained(framework, script, folder, case)
    if "logs" in case:
        found["steps"], found["logs"] = compare_training(framework, script, folder, case)
    where = {kind: max(differences, key=lambda name: differences[name]) for kind, differences in found.items()}
    return {**{kind: found[kind][name] for kind, name in where.items()}, "where": where}


def main(framework: Framework) -> None:
    for folder in Path(sys.argv[1]).read_text().splitlines():
        try:
            result = compare(framework, Path(folder))
        except Exception as error:  # noqa: BLE001
            result = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps({"folder": folder, **result}), flush=True)
