"""Functions and layers that Keras 3 lacks, or for which it has something else of the same name.

They are registered with Keras, so that a saved model can be loaded.
"""

import keras
import numpy as np
from keras import layers


@keras.saving.register_keras_serializable("shapewright")
def tf_hard_sigmoid(x):
    """As tf.layers has it; that of Keras 3 is less steep."""
    return keras.ops.clip(0.2 * x + 0.5, 0.0, 1.0)


@keras.saving.register_keras_serializable("shapewright")
def gelu_new(x):
    return keras.activations.gelu(x, approximate=True)


def resize_axis(x, axis, length, align_corners, interpolation):
    """Resizes one axis as TensorFlow.js does: the centers of pixels are at whole numbers, and those of Keras at halves."""
    size = keras.ops.shape(x)[axis]
    ratio = (size - 1) / (length - 1) if align_corners and length > 1 else size / length
    # An axis of unknown size has it as a tensor.
    maths = np if isinstance(ratio, float) else keras.ops
    places = maths.arange(length, dtype="float64" if maths is np else "float32") * ratio
    if interpolation == "nearest":
        index = keras.ops.cast(maths.floor(places + 0.5 if align_corners else places), "int32")
        return keras.ops.take(x, keras.ops.minimum(index, size - 1), axis=axis)
    low = maths.floor(places)
    share = keras.ops.cast(places - low, x.dtype)
    low = keras.ops.cast(low, "int32")
    before = keras.ops.take(x, low, axis=axis)
    after = keras.ops.take(x, keras.ops.minimum(low + 1, size - 1), axis=axis)
    return before + (after - before) * keras.ops.reshape(share, [-1] + [1] * (len(x.shape) - axis - 1))


@keras.saving.register_keras_serializable("shapewright")
class AlignedResizing(layers.Layer):
    """Resizes images so that their corners stay in place."""

    def __init__(self, height, width, interpolation="bilinear", **kwargs):
        super().__init__(**kwargs)
        self.height, self.width, self.interpolation = height, width, interpolation

    def call(self, x):
        x = resize_axis(x, 1, self.height, True, self.interpolation)
        return resize_axis(x, 2, self.width, True, self.interpolation)

    def compute_output_shape(self, shape):
        return (shape[0], self.height, self.width, shape[3])

    def get_config(self):
        own = {"height": self.height, "width": self.width, "interpolation": self.interpolation}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("shapewright")
class BilinearUpSampling2D(layers.Layer):
    """Enlarges images so that the first row and column stay in place."""

    def __init__(self, size=(2, 2), data_format="channels_last", interpolation="bilinear", **kwargs):
        super().__init__(**kwargs)
        self.size, self.data_format, self.interpolation = tuple(size), data_format, interpolation

    def axes(self):
        return (2, 3) if self.data_format == "channels_first" else (1, 2)

    def call(self, x):
        for axis, times in zip(self.axes(), self.size):
            x = resize_axis(x, axis, keras.ops.shape(x)[axis] * times, False, "bilinear")
        return x

    def compute_output_shape(self, shape):
        times = dict(zip(self.axes(), self.size))
        return tuple(None if size is None else size * times.get(axis, 1) for axis, size in enumerate(shape))

    def get_config(self):
        return {**super().get_config(), "size": self.size, "data_format": self.data_format}


@keras.saving.register_keras_serializable("shapewright")
class ThresholdedReLU(layers.Layer):
    def __init__(self, theta=1.0, **kwargs):
        super().__init__(**kwargs)
        self.theta = theta
        self.supports_masking = True

    def call(self, x):
        return x * keras.ops.cast(x > self.theta, x.dtype)

    def compute_output_shape(self, shape):
        return shape

    def get_config(self):
        return {**super().get_config(), "theta": self.theta}


@keras.saving.register_keras_serializable("shapewright")
class WideGaussianNoise(layers.Layer):
    """Adds noise in training; that of Keras takes a deviation of at most 1."""

    def __init__(self, stddev, **kwargs):
        super().__init__(**kwargs)
        self.stddev = stddev
        self.seed_generator = keras.random.SeedGenerator()
        self.supports_masking = True

    def call(self, x, training=False):
        if not training:
            return x
        noise = keras.random.normal(keras.ops.shape(x), stddev=self.stddev, dtype=x.dtype, seed=self.seed_generator)
        return x + noise

    def compute_output_shape(self, shape):
        return shape

    def get_config(self):
        return {**super().get_config(), "stddev": self.stddev}


@keras.saving.register_keras_serializable("shapewright")
class WithoutMask(layers.Layer):
    """Takes the mask off, for a layer that reads one in Keras and not in TensorFlow.js."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, x):
        return keras.ops.copy(x)

    def compute_mask(self, inputs, previous_mask=None):
        return None

    def compute_output_shape(self, shape):
        return shape


@keras.saving.register_keras_serializable("shapewright")
class UnmaskedTimeDistributed(layers.TimeDistributed):
    """Passes its mask on, but not to the layer that it holds."""

    def call(self, inputs, training=None, mask=None):
        return super().call(inputs, training=training)


@keras.saving.register_keras_serializable("shapewright")
class MaskedBidirectional(layers.Bidirectional):
    """Repeats its last output for a step that is skipped; that of Keras gives zeros."""

    def __init__(self, layer, **kwargs):
        super().__init__(layer, **kwargs)
        self.forward_layer.zero_output_for_mask = False
        self.backward_layer.zero_output_for_mask = False


@keras.saving.register_keras_serializable("shapewright")
class MaskedConcatenate(layers.Concatenate):
    """Skips a step that any of its inputs skips; Keras skips a step that all of them skip."""

    def compute_mask(self, inputs, mask=None):
        if self.axis % len(inputs[0].shape) != len(inputs[0].shape) - 1:
            return super().compute_mask(inputs, mask)
        known = [one for one in mask or [] if one is not None]
        kept = known[0] if known else None
        for one in known[1:]:
            kept = keras.ops.logical_and(kept, one)
        return kept
