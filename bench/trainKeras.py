"""Measures training in Keras on noise, as its guides recommend: model.fit on arrays in memory.

Arguments: network, batch size, jit_compile (on or off), steps_per_execution. The networks are those of train/nets.ts.
"""

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy as np
from keras import layers

from pass_timer import measure_passes

name, batch, jit, steps = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "on", int(sys.argv[4])
shape = (32, 32, 3) if name == "cifar10-cnn" else (28, 28, 1)


def convolutional(x):
    for filters in (32, 64):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.MaxPooling2D(2)(x)
    return layers.Flatten()(x)


def perceptron(x):
    x = layers.Flatten()(x)
    for _ in range(2):
        x = layers.Dense(512, activation="relu")(x)
    return x


def normalized(x, layer, relu=True):
    x = layers.BatchNormalization()(layer(x))
    return layers.ReLU()(x) if relu else x


def conv(filters, size=3, strides=1):
    return layers.Conv2D(filters, size, strides=strides, padding="same", use_bias=False)


def residual(x):
    x = normalized(x, conv(16))
    y = normalized(normalized(x, conv(16)), conv(16), relu=False)
    x = layers.ReLU()(layers.add([x, y]))
    y = normalized(normalized(x, conv(32, strides=2)), conv(32), relu=False)
    x = normalized(x, conv(32, 1, strides=2), relu=False)
    x = layers.ReLU()(layers.add([x, y]))
    return layers.GlobalAveragePooling2D()(x)


def separable(x):
    x = normalized(x, conv(16, strides=2))
    for filters, strides in ((32, 1), (64, 2)):
        x = normalized(x, layers.DepthwiseConv2D(3, strides=strides, padding="same", use_bias=False))
        x = normalized(x, conv(filters, 1))
    return layers.GlobalAveragePooling2D()(x)


def recurrent(x):
    return layers.LSTM(64)(layers.Reshape((28, 28))(x))


def sgd():
    return keras.optimizers.SGD(0.01)


def momentum():
    return keras.optimizers.SGD(0.05, momentum=0.9)


def adam():
    return keras.optimizers.Adam(0.001)


body, optimizer = {
    "mnist-cnn": (convolutional, sgd),
    "cifar10-cnn": (convolutional, sgd),
    "mlp": (perceptron, sgd),
    "resnet": (residual, momentum),
    "mobilenet": (separable, momentum),
    "lstm": (recurrent, adam),
}[name]
inputs = keras.Input(shape)
model = keras.Model(inputs, layers.Dense(10, activation="softmax")(body(inputs)))
model.compile(
    optimizer=optimizer(),
    loss="categorical_crossentropy",
    metrics=["accuracy"],
    jit_compile=jit,
    steps_per_execution=steps,
)

# A call of model.fit and the start of an epoch take time of their own, so measured epochs have 200 steps.
random = np.random.default_rng(1)
count = 200 * batch
images = random.random((count, *shape), dtype=np.float32)
labels = np.eye(10, dtype=np.float32)[random.integers(0, 10, count)]


def fit(samples):
    model.fit(images[:samples], labels[:samples], batch_size=batch, epochs=1, verbose=0)


measure_passes(count, lambda: fit(count), warm_up=lambda: fit(20 * batch))
