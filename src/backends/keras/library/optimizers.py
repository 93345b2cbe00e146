"""Optimizers and schedules that Keras 3 lacks or computes otherwise."""

import keras
import numpy as np
from keras import ops


class Adam(keras.optimizers.Adam):
    """Adam with epsilon after the bias correction, as in PyTorch; Keras adds it before."""

    def update_step(self, gradient, variable, learning_rate):
        index = self._get_variable_index(variable)
        mean, square = self._momentums[index], self._velocities[index]
        step = ops.cast(self.iterations + 1, variable.dtype)
        self.assign(mean, mean * self.beta_1 + gradient * (1 - self.beta_1))
        self.assign(square, square * self.beta_2 + ops.square(gradient) * (1 - self.beta_2))
        corrected = mean / (1 - ops.power(ops.cast(self.beta_1, variable.dtype), step))
        size = ops.sqrt(square / (1 - ops.power(ops.cast(self.beta_2, variable.dtype), step))) + self.epsilon
        self.assign_sub(variable, ops.cast(learning_rate, variable.dtype) * corrected / size)


class Momentum(keras.optimizers.SGD):
    """Momentum without the learning rate in the velocity, as in PyTorch: Keras differs if the rate changes."""

    def update_step(self, gradient, variable, learning_rate):
        velocity = self.momentums[self._get_variable_index(variable)]
        self.assign(velocity, velocity * self.momentum + gradient)
        along = gradient + velocity * self.momentum if self.nesterov else velocity
        self.assign_sub(variable, ops.cast(learning_rate, variable.dtype) * along)


class DecayingAdamax(keras.optimizers.Adamax):
    """Adamax whose learning rate is divided by 1 + decay * steps."""

    def __init__(self, learning_rate, decay: float, **kwargs) -> None:
        super().__init__(learning_rate, **kwargs)
        self.decay = decay

    def update_step(self, gradient, variable, learning_rate):
        steps = ops.cast(self.iterations, variable.dtype)
        super().update_step(gradient, variable, learning_rate / (1 + self.decay * steps))


class LayerRates(keras.optimizers.Optimizer):
    """Multiplies the learning rate, and with it the weight decay, of each variable by the factor of its layer."""

    factors: list[float]

    def update_step(self, gradient, variable, learning_rate):
        rate = ops.cast(learning_rate * self.factors[self._get_variable_index(variable)], variable.dtype)
        if self.weight_decay and self._use_weight_decay(variable):
            self.assign_sub(variable, variable * (self.weight_decay * rate))
        super().update_step(gradient, variable, rate)

    def _apply_weight_decay(self, variables):
        """Does nothing: each update decays its variable."""


def factors_of(network: keras.Model, rates: dict[str, float]) -> list[float]:
    """The factor of each trained variable: 1 in layers that are not named."""
    known = {id(one): factor for name, factor in rates.items() for one in network.get_layer(name).trainable_variables}
    return [known.get(id(one), 1.0) for one in network.trainable_variables]


class RateOfStep(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate for each step."""

    def __init__(self, rates) -> None:
        self.rates = np.asarray(rates, "float32")

    def __call__(self, step):
        return ops.take(self.rates, ops.minimum(ops.cast(step, "int32"), len(self.rates) - 1))

    def get_config(self):
        return {"rates": self.rates.tolist()}
