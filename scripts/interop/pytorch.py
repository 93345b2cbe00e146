"""Runs compiled PyTorch scripts on handed-over weights and inputs, and compares their outputs with those of TensorFlow.js.

usage: python pytorch.py FOLDER...   each with script.py, weights.pt, data.npz (input0, …, output0, …) and case.json
Prints a line of JSON for each folder: the largest relative difference of an output, or the error.
"""

import contextlib
import importlib.util
import io
import json
import sys
import tempfile
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch


def load_script(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("script", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["script"] = module
    spec.loader.exec_module(module)
    return module


def distance(found: np.ndarray, wanted: np.ndarray) -> float:
    """‖found - wanted‖ / ‖wanted‖"""
    if found.shape != wanted.shape:
        raise ValueError(f"shape {found.shape} instead of {wanted.shape}")
    found, wanted = found.astype(float), wanted.astype(float)
    if np.array_equal(np.isfinite(found), np.isfinite(wanted)):
        same = np.isfinite(wanted)
        found, wanted = np.where(same, found, 0), np.where(same, wanted, 0)
    return float(np.linalg.norm(found - wanted) / max(np.linalg.norm(wanted), 1e-6))


def create_model(script: Any, folder: Path) -> torch.nn.Module:
    model = script.build_model() if hasattr(script, "build_model") else script.Model()
    weights = torch.load(folder / "weights.pt").values()
    model.load_state_dict(dict(zip(model.state_dict(), weights, strict=True)))
    return model


def compare_outputs(script: Any, folder: Path, case: dict[str, Any]) -> dict[str, Any]:
    torch.set_grad_enabled(True)
    model = create_model(script, folder).eval()
    with np.load(folder / "data.npz") as arrays:
        inputs = [torch.from_numpy(arrays[f"input{index}"]) for index in range(case["inputs"])]
        wanted = [arrays[f"output{index}"] for index in range(case["outputs"])]
    with torch.no_grad():
        found = model(*[x.movedim(-1, 1) if moved else x for x, moved in zip(inputs, case["moved"], strict=True)])
    found = found if isinstance(found, tuple) else (found,)
    for index, activation in enumerate(case["activations"]):
        if activation == "softmax":
            found = (*found[:index], found[index].softmax(-1), *found[index + 1 :])
        elif activation == "sigmoid":
            found = (*found[:index], found[index].sigmoid(), *found[index + 1 :])
    return {"outputs": max(distance(own.numpy(), other) for own, other in zip(found, wanted, strict=True))}


def compare_training(script: Any, folder: Path, case: dict[str, Any]) -> dict[str, Any]:
    """Runs the whole script, without shuffling, and compares weights and logs."""
    logs: list[dict[str, float]] = []
    run_epoch = script.run_epoch

    def recorded(title: str, *args: Any) -> dict[str, float]:
        found = run_epoch(title, *args)
        if title.startswith("epoch"):
            logs.append(found)
        elif title == "validation":
            logs[-1] |= {f"val_{name}": value for name, value in found.items()}
        return found

    script.run_epoch = recorded
    with tempfile.TemporaryDirectory() as place, contextlib.redirect_stdout(io.StringIO()):
        sys.argv = ["script.py", *case["arguments"], "--weights", str(folder / "weights.pt"), "--out", f"{place}/out"]
        code = script.main()
        trained = torch.load(f"{place}/out/model.pt")
    if code != 0:
        raise ValueError(f"exit code {code}")
    result: dict[str, Any] = {}
    for (name, wanted), own in zip(torch.load(folder / "trained.pt").items(), trained.values(), strict=True):
        apart = (own - wanted).double().norm().item()
        result[name] = max(apart - 1e-7, 0) / max(wanted.double().norm().item(), 1e-12)
    for epoch, (wanted, found) in enumerate(zip(case["logs"], logs, strict=True), 1):
        for name, value in wanted.items():
            result[f"epoch {epoch} {name}"] = abs(found[name] - value) / max(abs(value), 1e-3)
    return {"training": max(result.values()), "worst": max(result, key=lambda name: result[name])}


def main() -> int:
    torch.manual_seed(1)
    for argument in list(sys.argv[1:]):
        folder = Path(argument)
        case = json.loads((folder / "case.json").read_text())
        try:
            compare = compare_training if "arguments" in case else compare_outputs
            result = compare(load_script(folder / "script.py"), folder, case)
        except Exception as error:
            result = {"error": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()}
        print(json.dumps({"folder": argument, **result}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
