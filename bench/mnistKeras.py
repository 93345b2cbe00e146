"""configs/mnist-cnn.yaml as a Keras program: trains on the MNIST images, evaluates and saves the model.

Arguments: folder of the IDX files, epochs, file to write.
"""

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy as np
from keras import layers

folder, epochs, saved = sys.argv[1], int(sys.argv[2]), sys.argv[3]


def read(name, header, shape):
    return np.fromfile(os.path.join(folder, name), dtype=np.uint8)[header:].reshape(shape)


def images_of(split):
    return read(f"{split}-images-idx3-ubyte", 16, (-1, 28, 28, 1)).astype("float32") / 255


def labels_of(split):
    return keras.utils.to_categorical(read(f"{split}-labels-idx1-ubyte", 8, (-1,)), 10)


keras.utils.set_random_seed(42)
model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(32, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile(optimizer=keras.optimizers.SGD(0.01), loss="categorical_crossentropy", metrics=["accuracy"])
model.fit(images_of("train"), labels_of("train"), batch_size=32, epochs=epochs, verbose=2)
print(model.evaluate(images_of("t10k"), labels_of("t10k"), verbose=0))
model.save(saved)
