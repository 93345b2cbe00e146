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


class ClippedValues(keras.optimizers.Optimizer):
    """Clips the values of gradients before the optimizer clips their norm; one of Keras does one or the other."""

    limit: float

    def apply(self, grads, trainable_variables=None):
        clipped = [None if one is None else ops.clip(one, -self.limit, self.limit) for one in grads]
        super().apply(clipped, trainable_variables)


class ReducibleSchedule(keras.optimizers.Optimizer):
    """Lets callbacks set the learning rate although it has a schedule: all later rates change by the same factor."""

    def build(self, variables):
        if not self.built:
            super().build(variables)
            self.share = self.add_variable((), initializer="ones", name="share")

    def _get_current_learning_rate(self):
        rate = super()._get_current_learning_rate()
        return rate * self.share if self.built else rate

    @property
    def learning_rate(self):
        return self._get_current_learning_rate()

    @learning_rate.setter
    def learning_rate(self, rate):
        self.share.assign(self.share * rate / self.learning_rate)


class StepsOfBatches(keras.optimizers.Optimizer):
    """Takes a step after several batches, by the mean gradient of their samples. The last batch of an epoch ends one."""

    def plan_epoch(self, samples: int, batch_size: int, batches: int) -> None:
        """Computes the share of each batch in the samples of its step, and whether it ends the step."""
        sizes = np.minimum(batch_size, samples - np.arange(0, samples, batch_size))
        steps = np.arange(len(sizes)) // batches
        self.shares = (sizes / np.bincount(steps, sizes)[steps]).astype("float32")
        self.ends = np.append(steps[1:] > steps[:-1], True)

    def build(self, variables):
        if not self.built:
            super().build(variables)
            self.stepped = list(self.variables)
            self.sums = [self.add_variable_from_reference(one, "sum") for one in variables]
            self.batch = self.add_variable((), dtype="int32", name="batch")

    def apply(self, grads, trainable_variables=None):
        if not self.built:
            self.build(trainable_variables)
        batch = ops.convert_to_tensor(self.batch)
        share, is_end = ops.take(self.shares, batch), ops.take(self.ends, batch)
        sums = [total + ops.convert_to_tensor(one) * share for total, one in zip(self.sums, grads)]
        changed = [*self.stepped, *self._trainable_variables]
        before = [ops.copy(one.value) for one in changed]
        super().apply(sums, trainable_variables)
        # Without conditions on variables, which JAX does not allow.
        for variable, value in zip(changed, before):
            variable.assign(ops.where(is_end, variable.value, value))
        for variable, value in zip(self.sums, sums):
            variable.assign(ops.where(is_end, ops.zeros_like(value), value))
        self.batch.assign(ops.mod(batch + 1, len(self.ends)))


class RateOfStep(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate for each step."""

    def __init__(self, rates) -> None:
        self.rates = np.asarray(rates, "float32")

    def __call__(self, step):
        return ops.take(self.rates, ops.minimum(ops.cast(step, "int32"), len(self.rates) - 1))

    def get_config(self):
        return {"rates": self.rates.tolist()}
