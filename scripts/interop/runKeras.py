"""Runs compiled Keras scripts on the weights, inputs and batches in their folders, and prints how far they are apart."""

import importlib.util
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np


def load_script(file: Path):
    spec = importlib.util.spec_from_file_location("script", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def is_ordered(model, names) -> bool:
    """Whether weights are handed over in the order of layers: those of a chain, and of functions for blocks."""
    known = {layer.name for layer in model.layers}
    return isinstance(model, keras.Sequential) or any(name.rsplit("/", 1)[0] not in known for name in names)


def hand_over(module, model, arrays, file: Path) -> None:
    """Sets weights as `--weights` does; a script that only has a model cannot read them itself."""
    if is_ordered(model, arrays):
        model.set_weights(list(arrays.values()))
    elif not hasattr(module, "load_weights"):
        for layer in model.layers:
            layer.set_weights([arrays[f"{layer.name}/{index}"] for index in range(len(layer.weights))])
    else:
        np.savez(file, **arrays)
        module.load_weights(model, file)


def handed_over() -> Path:
    return Path(sys.argv[1]).with_name("handed-over.npz")


def weights_of(model, names):
    if is_ordered(model, names):
        return model.get_weights()
    return [model.get_layer(name.rsplit("/", 1)[0]).get_weights()[int(name.rsplit("/", 1)[1])] for name in names]


def relative(found, wanted) -> float:
    """The norm of the difference, relative to that of the wanted values."""
    found, wanted = np.asarray(found, float), np.asarray(wanted, float)
    if found.shape != wanted.shape:
        raise ValueError(f"shape {found.shape} instead of {wanted.shape}")
    same = ~np.isfinite(found) & ~np.isfinite(wanted)
    difference = np.where(same, 0, found - wanted)
    return float(np.linalg.norm(difference) / max(np.linalg.norm(np.where(same, 0, wanted)), 1e-3))


def compare_outputs(module, folder: Path) -> float:
    model = module.build_model()
    with np.load(folder / "weights.npz") as file:
        hand_over(module, model, dict(file), handed_over())
    with np.load(folder / "inputs.npz") as file:
        inputs = list(file.values())
    outputs = model(inputs if len(inputs) > 1 else inputs[0], training=False)
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    with np.load(folder / "outputs.npz") as file:
        return max(relative(keras.ops.convert_to_numpy(found), wanted) for found, wanted in zip(outputs, file.values()))


def require_pretrained(module, model, initial, layers) -> None:
    """Lets the script load trained weights, which must be those that TensorFlow.js starts from, bit for bit."""
    model.set_weights([np.full(weight.shape, 0.5, "float32") for weight in model.weights])
    module.load_pretrained(model)
    for (name, wanted), found in zip(initial.items(), weights_of(model, initial)):
        expected = wanted if name.rsplit("/", 1)[0] in layers else np.full(wanted.shape, 0.5, "float32")
        if not np.array_equal(found, expected):
            raise ValueError(f"{name} was not loaded as it should be")


def compare_steps(module, folder: Path) -> float:
    plan = json.loads((folder / "steps.json").read_text())
    with np.load(folder / "steps.npz") as file:
        arrays = dict(file)
    names = [name[len("weights/0/") :] for name in arrays if name.startswith("weights/0/")]
    model = module.build_model()
    initial = {name: arrays[f"weights/0/{name}"] for name in names}
    if "pretrained" in plan:
        require_pretrained(module, model, initial, plan["pretrained"])
    hand_over(module, model, initial, handed_over())
    rate = plan["learningRate"]
    if hasattr(module, "learning_rate"):
        rate = module.RateOfStep([module.learning_rate(rate, step, 5, 2) for step in range(10)])
    network = module.compile_network(model, rate)
    network.run_eagerly = True
    worst = 0.0
    for step in range(plan["steps"]):
        inputs, labels = arrays[f"inputs/{step}"], arrays[f"labels/{step}"]
        targets = module.targets_of(labels) if hasattr(module, "targets_of") else labels
        weights = module.interop_weights(labels) if plan["weighted"] else None
        network.train_on_batch(inputs, targets, sample_weight=weights)
        wanted = [arrays[f"weights/{step + 1}/{name}"] for name in names]
        worst = max([worst, *(relative(*pair) for pair in zip(weights_of(model, names), wanted))])
    return worst


def main() -> None:
    results = {}
    for folder in (Path(line) for line in Path(sys.argv[1]).read_text().splitlines()):
        keras.backend.clear_session()
        result = {}
        try:
            module = load_script(folder / "script.py")
            result["outputs"] = compare_outputs(module, folder)
            if (folder / "steps.json").exists():
                add_class_weights(module, folder)
                result["steps"] = compare_steps(module, folder)
        except Exception as error:  # noqa: BLE001
            result["error"] = f"{type(error).__name__}: {error}"
        results[str(folder)] = result
        print(".", end="", file=sys.stderr, flush=True)
    print("\n" + json.dumps(results))


def add_class_weights(module, folder: Path) -> None:
    """Finds the weights of classes that the script passes to `fit`."""
    file = folder / "class-weights.json"
    if file.exists():
        weights = json.loads(file.read_text())
        module.interop_weights = lambda labels: module.class_weights_of(labels, weights)


if __name__ == "__main__":
    main()
