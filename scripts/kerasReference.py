"""Writes Keras's results for layers that tf.layers lacks or computes differently to test/keras/reference.golden.json.

    python scripts/kerasReference.py test/keras/reference.golden.json

Each entry of `layers` has a layer as a spec writes it, its input and weights, what Keras answers, and the gradients of the
sum of answer * factors by the input and by the weights. Each entry of `training` has the layers of a spec, the weights
before and after some steps of gradient descent, and the loss of each step.
"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy as np
import tensorflow as tf
from keras import layers as L

numbers = np.random.RandomState(7)


def draw(shape, low=-1.0, high=1.0):
    return numbers.uniform(low, high, shape).round(5).astype("float32")


def listed(values):
    array = np.asarray(values)
    return {"shape": list(array.shape), "values": [float(np.format_float_positional(np.float32(v), unique=True)) for v in array.ravel()]}


def layer_cases():
    """Yields (type, options, input shape, Keras layer)."""
    for kernel, stride, size in [(1, 2, (4, 4, 4)), (2, 3, (7, 8, 6)), (1, 3, (5, 5, 5))]:
        shape = (*size, 2)
        window = dict(strides=stride, padding="same")
        yield "conv3d", {"filters": 2, "kernelSize": kernel, **window}, shape, L.Conv3D(2, kernel, **window)
        yield "maxPooling3d", {"poolSize": kernel, **window}, shape, L.MaxPooling3D(kernel, **window)
        yield "averagePooling3d", {"poolSize": kernel, **window}, shape, L.AveragePooling3D(kernel, **window)
    mixed = dict(strides=(3, 1, 2), padding="same")
    ours = {"strides": [3, 1, 2], "padding": "same"}
    yield "conv3d", {"filters": 2, "kernelSize": [2, 3, 1], **ours}, (7, 4, 6, 1), L.Conv3D(2, (2, 3, 1), **mixed)
    yield "maxPooling3d", {"poolSize": [2, 3, 1], **ours}, (7, 4, 6, 1), L.MaxPooling3D((2, 3, 1), **mixed)
    yield "averagePooling3d", {"poolSize": [2, 3, 1], **ours}, (7, 4, 6, 1), L.AveragePooling3D((2, 3, 1), **mixed)
    yield "conv3d", {"filters": 2, "kernelSize": 2, "dilationRate": 2}, (4, 5, 4, 2), L.Conv3D(2, 2, dilation_rate=2)
    rates = (1, 2, 3)
    yield (
        "conv3d",
        {"filters": 2, "kernelSize": 2, "dilationRate": list(rates), "padding": "same", "activation": "tanh"},
        (3, 5, 4, 2),
        L.Conv3D(2, 2, dilation_rate=rates, padding="same", activation="tanh"),
    )
    for options in [{}, {"strides": 2}, {"dilation_rate": 2}, {"activation": "tanh", "use_bias": False}]:
        words = {"dilation_rate": "dilationRate", "use_bias": "useBias"}
        written = {words.get(key, key): value for key, value in options.items()}
        yield (
            "conv1d",
            {"filters": 3, "kernelSize": 3, "padding": "causal", **written},
            (7, 2),
            L.Conv1D(3, 3, padding="causal", **options),
        )
    yield "conv1d", {"filters": 3, "kernelSize": 3, "dilationRate": 2}, (7, 2), L.Conv1D(3, 3, dilation_rate=2)
    for padding in ["valid", "same"]:
        yield (
            "depthwiseConv2d",
            {"kernelSize": 3, "depthMultiplier": 2, "dilationRate": 2, "padding": padding},
            (7, 6, 2),
            L.DepthwiseConv2D(3, depth_multiplier=2, dilation_rate=2, padding=padding),
        )
        yield (
            "separableConv2d",
            {"filters": 3, "kernelSize": 3, "dilationRate": 2, "padding": padding},
            (7, 6, 2),
            L.SeparableConv2D(3, 3, dilation_rate=2, padding=padding),
        )
        yield (
            "conv2dTranspose",
            {"filters": 3, "kernelSize": 3, "dilationRate": 2, "padding": padding, "activation": "tanh"},
            (4, 5, 2),
            L.Conv2DTranspose(3, 3, dilation_rate=2, padding=padding, activation="tanh"),
        )
        for strides, kernel in [(1, 2), (2, 3), (2, 2), (3, 2)]:
            yield (
                "conv3dTranspose",
                {"filters": 2, "kernelSize": kernel, "strides": strides, "padding": padding},
                (2, 3, 2, 2),
                L.Conv3DTranspose(2, kernel, strides=strides, padding=padding),
            )
        yield (
            "conv3dTranspose",
            {"filters": 2, "kernelSize": [2, 3, 2], "dilationRate": [1, 2, 3], "padding": padding, "activation": "tanh"},
            (2, 3, 2, 2),
            L.Conv3DTranspose(2, (2, 3, 2), dilation_rate=(1, 2, 3), padding=padding, activation="tanh"),
        )
    for axis, shape in [(1, (3, 4)), (2, (3, 4, 2)), (1, (3, 4, 2)), (1, (3, 2, 2, 2)), ([1, 3], (3, 4, 2))]:
        yield "softmax", {"axis": axis}, shape, L.Softmax(axis=axis)
    for axis, shape in [(1, (3, 4)), (1, (3, 4, 2)), (2, (3, 4, 2)), (-1, (2, 3, 2, 2)), (3, (2, 2, 3, 2)), (-1, (2, 1, 2, 2, 3))]:
        yield "batchNormalization", {"axis": axis}, shape, L.BatchNormalization(axis=axis)
        yield "batchNormalization", {"axis": axis, "scale": False}, shape, L.BatchNormalization(axis=axis, scale=False)
        yield "batchNormalization", {"axis": axis, "trainable": False}, shape, L.BatchNormalization(axis=axis, trainable=False)
    for axis, shape in [(-1, (2, 3, 2, 2)), (2, (2, 3, 2, 2)), ([1, 3], (2, 3, 2, 2)), ([2, 4], (2, 3, 2, 2, 1))]:
        yield "layerNormalization", {"axis": axis}, shape, L.LayerNormalization(axis=axis)
        yield "layerNormalization", {"axis": axis, "center": False}, shape, L.LayerNormalization(axis=axis, center=False)
    yield "conv1d", {"filters": 3, "kernelSize": 2, "dataFormat": "channelsFirst"}, (2, 5), Swapped(L.Conv1D(3, 2), (0, 2, 1))
    for options in [{}, {"strides": 2, "dilation_rate": 1}]:
        written = {"strides": 2} if options else {}
        yield (
            "separableConv2d",
            {"filters": 3, "kernelSize": 2, "dataFormat": "channelsFirst", **written},
            (2, 5, 4),
            Swapped(L.SeparableConv2D(3, 2, **options), (0, 2, 3, 1)),
        )
    for alpha in [0.3, 2.5, 0.0]:
        yield "elu", {"alpha": alpha}, (3, 4), L.ELU(alpha=alpha)
    yield "centerCrop", {"height": 2, "width": 3}, (5, 5, 2), L.CenterCrop(2, 3)
    yield "centerCrop", {"height": 3, "width": 2}, (4, 5, 1), L.CenterCrop(3, 2)
    for options in [{}, {"use_bias": False}, {"return_sequences": True, "go_backwards": True}]:
        words = {"use_bias": "useBias", "return_sequences": "returnSequences", "go_backwards": "goBackwards"}
        written = {words[key]: value for key, value in options.items()}
        yield (
            "gru",
            {"units": 3, "resetAfter": True, "recurrentActivation": "sigmoid", **written},
            (4, 2),
            L.GRU(3, reset_after=True, **options),
        )
    yield (
        "bidirectional",
        {"layer": {"gru": {"units": 2, "resetAfter": True, "recurrentActivation": "sigmoid", "returnSequences": True}}},
        (4, 2),
        L.Bidirectional(L.GRU(2, reset_after=True, return_sequences=True)),
    )
    yield (
        "rnn",
        {"cell": {"gruCell": {"units": 3, "resetAfter": True, "recurrentActivation": "sigmoid"}}},
        (4, 2),
        L.RNN(L.GRUCell(3, reset_after=True)),
    )
    yield "lstm", {"units": 2, "recurrentActivation": "sigmoid"}, (1, 3), L.LSTM(2)
    yield "timeDistributed", {"layer": {"dense": {"units": 2}}}, (1, 3), L.TimeDistributed(L.Dense(2))
    yield "dense", {"units": 3}, (2, 1, 2, 1, 2), L.Dense(3)


class Swapped(L.Layer):
    """Applies a layer with the axes in another order, for data formats that TensorFlow computes only on a GPU."""

    def __init__(self, held, order):
        super().__init__()
        self.held = held
        self.order = order

    def build(self, shape):
        self.held.build([shape[axis] for axis in self.order])

    def call(self, inputs):
        back = np.argsort(self.order)
        return keras.ops.transpose(self.held(keras.ops.transpose(inputs, self.order)), [int(axis) for axis in back])


def answer_of(layer, given, trains):
    inputs = tf.Variable(given)
    factors = None
    with tf.GradientTape() as tape:
        answer = layer(inputs, training=True) if trains else layer(inputs)
        factors = draw(answer.shape)
        total = tf.reduce_sum(answer * factors)
    variables = [inputs, *layer.trainable_variables]
    gradients = tape.gradient(total, [v.value if hasattr(v, "value") and not isinstance(v, tf.Variable) else v for v in variables])
    return answer, factors, gradients


def describe_layer(kind, options, shape, layer):
    given = draw((2, *shape))
    layer.build((2, *shape))
    before = [draw(w.shape, 0.2, 1.0) if "variance" in w.name else draw(w.shape) for w in layer.weights]
    layer.set_weights(before)
    trains = isinstance(layer, L.BatchNormalization)
    try:
        answer, factors, gradients = answer_of(layer, given, trains)
    except Exception as error:
        # TensorFlow computes some gradients only on a GPU.
        print("no gradient:", kind, options, str(error)[:100], file=sys.stderr)
        layer.set_weights(before)
        answer, factors, gradients = layer(given), None, None
    entry = {"type": kind, "options": options, "input": listed(given), "weights": [listed(w) for w in before]}
    entry["answer"] = listed(answer)
    if gradients is not None:
        entry["factors"] = listed(factors)
        entry["gradients"] = [listed(tf.convert_to_tensor(g)) for g in gradients]
    if trains:
        entry["after"] = [listed(w) for w in layer.get_weights()]
    return entry


def training_cases():
    """Yields (name, layers of the spec, Keras layers, input shape)."""
    yield (
        "a frozen backbone with a trained head",
        [
            {"conv2d": {"name": "edges", "filters": 3, "kernelSize": 3, "trainable": False, "kernelRegularizer": {"l2": {"l2": 0.1}}}},
            {"batchNormalization": {"name": "norm", "trainable": False, "gammaRegularizer": {"l1": {"l1": 0.1}}}},
            {"reLU": {"name": "relu"}},
            {"flatten": {"name": "flat"}},
            {"dense": {"name": "head", "units": 2, "kernelRegularizer": {"l2": {"l2": 0.01}}}},
        ],
        [
            L.Conv2D(3, 3, name="edges", trainable=False, kernel_regularizer=keras.regularizers.L2(0.1)),
            L.BatchNormalization(name="norm", trainable=False, gamma_regularizer=keras.regularizers.L1(0.1)),
            L.ReLU(name="relu"),
            L.Flatten(name="flat"),
            L.Dense(2, name="head", kernel_regularizer=keras.regularizers.L2(0.01)),
        ],
        (5, 5, 1),
    )
    yield (
        "gradients through a frozen normalization",
        [
            {"dense": {"name": "first", "units": 4, "activation": "tanh"}},
            {"batchNormalization": {"name": "norm", "trainable": False, "scale": False}},
            {"dense": {"name": "head", "units": 2}},
        ],
        [L.Dense(4, activation="tanh", name="first"), L.BatchNormalization(name="norm", trainable=False, scale=False), L.Dense(2, name="head")],
        (3,),
    )
    yield (
        "a frozen normalization of each step",
        [
            {"timeDistributed": {"name": "first", "layer": {"dense": {"units": 3}}}},
            {"timeDistributed": {"name": "norm", "trainable": False, "layer": "batchNormalization"}},
            {"flatten": {"name": "flat"}},
            {"dense": {"name": "head", "units": 2}},
        ],
        [
            L.TimeDistributed(L.Dense(3), name="first"),
            L.TimeDistributed(L.BatchNormalization(trainable=False), name="norm"),
            L.Flatten(name="flat"),
            L.Dense(2, name="head"),
        ],
        (3, 2),
    )
    yield (
        "a trained normalization along the first axis",
        [
            {"batchNormalization": {"name": "norm", "axis": 1, "momentum": 0.9}},
            {"flatten": {"name": "flat"}},
            {"dense": {"name": "head", "units": 2}},
        ],
        [L.BatchNormalization(name="norm", axis=1, momentum=0.9), L.Flatten(name="flat"), L.Dense(2, name="head")],
        (3, 2, 2),
    )

    yield (
        "penalties on outputs",
        [
            {"dense": {"name": "first", "units": 4, "activation": "tanh", "activityRegularizer": {"l2": {"l2": 0.1}}}},
            {"dense": {"name": "head", "units": 2, "activityRegularizer": {"l1l2": {"l1": 0.02, "l2": 0.03}}}},
        ],
        [
            L.Dense(4, activation="tanh", name="first", activity_regularizer=keras.regularizers.L2(0.1)),
            L.Dense(2, name="head", activity_regularizer=keras.regularizers.L1L2(0.02, 0.03)),
        ],
        (3,),
    )


def describe_training(name, spec, layers, shape):
    steps, count = 6, 4
    model = keras.Sequential([keras.Input(shape), *layers])
    model.compile(optimizer=keras.optimizers.SGD(0.05), loss="mean_squared_error")
    for layer in layers:
        layer.set_weights([draw(w.shape, 0.2, 1.0) if "variance" in w.name else draw(w.shape) for w in layer.weights])
    inputs, labels = draw((steps * count, *shape)), draw((steps * count, 2))
    before = {layer.name: [listed(w) for w in layer.get_weights()] for layer in layers}
    losses = []
    for step in range(steps):
        batch = slice(step * count, (step + 1) * count)
        model.reset_metrics()
        losses.append(float(np.asarray(model.train_on_batch(inputs[batch], labels[batch])).ravel()[0]))
    return {
        "name": name,
        "layers": spec,
        "inputs": listed(inputs),
        "labels": listed(labels),
        "before": before,
        "losses": losses,
        "after": {layer.name: [listed(w) for w in layer.get_weights()] for layer in layers},
    }


def main(path):
    keras.utils.set_random_seed(1)
    reference = {
        "keras": keras.__version__,
        "layers": [describe_layer(*case) for case in layer_cases()],
        "training": [describe_training(*case) for case in training_cases()],
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(reference, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
