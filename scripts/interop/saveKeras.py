"""Saves Keras models for `npm run interop -- import`: as .keras and .h5, with random inputs and the outputs for them.

Each line of the given file is a folder with `script.py`, a compiled script with its weights, or with `application.json`,
the name of a network of keras.applications and the side of its images.
"""

import json
import logging
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

import compareScripts
import kerasScripts

# Keras warns of each .h5 file.
logging.getLogger("absl").setLevel(logging.ERROR)


def scripted_model(folder: Path):
    script = compareScripts.load_script(folder / "script.py")
    model = kerasScripts.create_model(script, folder / "weights.npz")
    return model, list(compareScripts.read_arrays(folder / "inputs.npz").values())


def application(folder: Path):
    """A network whose weights keep the size of the activations, so that every layer matters in the outputs."""
    stated = json.loads((folder / "application.json").read_text())
    shape = (stated["side"], stated["side"], 3)
    build = getattr(keras.applications, stated["name"])
    model = build(weights=None, input_shape=shape, classifier_activation=None)
    draw = np.random.default_rng(1)
    for weight in model.weights:
        role = weight.path.rsplit("/", 1)[-1]
        if role in ("gamma", "moving_variance"):
            weight.assign(draw.uniform(0.5, 1.5, weight.shape))
        elif len(weight.shape) == 1:
            weight.assign(draw.normal(0, 0.1, weight.shape))
        else:
            is_depthwise = weight.shape[-1] == 1 and len(weight.shape) == 4
            inputs = np.prod(weight.shape[:2] if is_depthwise else weight.shape[:-1])
            weight.assign(draw.normal(0, np.sqrt(2 / inputs), weight.shape))
    # A network that scales its images itself expects bytes.
    scales = any(isinstance(layer, (keras.layers.Rescaling, keras.layers.Normalization)) for layer in model.layers)
    images = draw.uniform(0, 255, (2, *shape)) if scales else draw.normal(0, 1, (2, *shape))
    return model, [images.astype("float32")]


def spread_of(outputs) -> float:
    return float(np.linalg.norm(outputs[0] - outputs[-1]) / max(np.linalg.norm(outputs), 1e-12))


def count_moments(model) -> int:
    """The means and variances that layers have in their configs, and not as weights."""
    return sum(
        2 * np.size(layer.input_mean)
        for layer in model.layers
        if isinstance(layer, keras.layers.Normalization) and layer.input_mean is not None
    )


def save(folder: Path) -> dict:
    model, inputs = application(folder) if (folder / "application.json").exists() else scripted_model(folder)
    outputs = model(inputs if len(inputs) > 1 else inputs[0], training=False)
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    outputs = [keras.ops.convert_to_numpy(output) for output in outputs]
    for kind, arrays in (("inputs", inputs), ("outputs", outputs)):
        for index, array in enumerate(arrays):
            np.asarray(array, "float32").tofile(folder / f"{kind}-{index}.f32")
    model.save(folder / "model.keras")
    model.save(folder / "model.h5")
    spread = min(spread_of(np.nan_to_num(array)) for array in outputs)
    return {
        "spread": spread,
        "parameters": model.count_params(),
        "moments": int(count_moments(model)),
        "inputs": [list(array.shape) for array in inputs],
        "outputs": len(outputs),
    }


def main() -> None:
    for folder in (Path(line) for line in Path(sys.argv[1]).read_text().splitlines()):
        keras.backend.clear_session()
        try:
            facts = save(folder)
        except Exception as error:  # noqa: BLE001
            facts = {"error": f"{type(error).__name__}: {error}"}
        (folder / "facts.json").write_text(json.dumps(facts))
        print(".", end="", file=sys.stderr, flush=True)
    print(keras.__version__)


main()
