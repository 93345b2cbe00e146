"""Builds and runs compiled Keras scripts for `npm run interop -- keras`."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras

import compareScripts
from compareScripts import Arrays, Logs


def is_ordered(model: keras.Model, names: list[str]) -> bool:
    """Whether weights are handed over in the order of layers: those of a chain, and of functions for blocks."""
    known = {layer.name for layer in model.layers}
    return isinstance(model, keras.Sequential) or any(name.rsplit("/", 1)[0] not in known for name in names)


def create_model(script: Any, file: Path) -> keras.Model:
    """Hands over weights as `--weights` does; a script that only has a model cannot read them itself."""
    model = script.build_model()
    arrays = compareScripts.read_arrays(file)
    if is_ordered(model, list(arrays)):
        model.set_weights(list(arrays.values()))
    elif hasattr(script, "load_weights"):
        script.load_weights(model, file)
    else:
        for layer in model.layers:
            layer.set_weights([arrays[f"{layer.name}/{index}"] for index in range(len(layer.weights))])
    return model


def weights_of(model: keras.Model, names: list[str]) -> Arrays:
    if is_ordered(model, names):
        return model.get_weights()
    return [model.get_layer(name.rsplit("/", 1)[0]).get_weights()[int(name.rsplit("/", 1)[1])] for name in names]


def predict(model: keras.Model, inputs: Arrays, _case: dict[str, Any]) -> Iterator[tuple[str, Arrays]]:
    outputs = model(inputs if len(inputs) > 1 else inputs[0], training=False)
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    yield "", [keras.ops.convert_to_numpy(output) for output in outputs]


def train(script: Any, names: list[str]) -> tuple[int, list[Arrays], Logs]:
    """Watches `fit`, which the script calls once."""
    states: list[Arrays] = []
    logs: Logs = []
    rates: list[float] = []
    fit = keras.Model.fit

    class Watch(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
            # With gradient accumulation, not each batch ends a step.
            if batch > 0 and hasattr(self.model.optimizer, "ends") and not self.model.optimizer.ends[batch - 1]:
                return
            states.append(weights_of(self.model, names))
            self.rate = float(self.model.optimizer.learning_rate)

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            rates.append(self.rate)

    def recorded(network: keras.Model, *args: Any, callbacks: Any = (), **options: Any) -> Any:
        network.run_eagerly = True
        history = fit(network, *args, callbacks=[*callbacks, Watch()], **options)
        states.append(weights_of(network, names))
        columns = {**history.history, "lr": rates}
        logs.extend(dict(zip(columns, map(float, row), strict=True)) for row in zip(*columns.values(), strict=True))
        return history

    keras.Model.fit = recorded
    try:
        return script.main(), states, logs
    finally:
        keras.Model.fit = fit


if __name__ == "__main__":
    compareScripts.main(compareScripts.Framework(keras.backend.clear_session, create_model, weights_of, predict, train))
