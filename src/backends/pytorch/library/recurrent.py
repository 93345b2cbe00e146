"""Recurrent layers of compiled PyTorch scripts, with the gates and weights of TensorFlow."""

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn


def hard_sigmoid(x: torch.Tensor) -> torch.Tensor:
    """As TensorFlow has it; F.hardsigmoid has a slope of 1/6."""
    return (0.2 * x + 0.5).clamp(0, 1)


def linear(x: torch.Tensor) -> torch.Tensor:
    return x


def softmax(x: torch.Tensor) -> torch.Tensor:
    return x.softmax(-1)


def gelu_new(x: torch.Tensor) -> torch.Tensor:
    return F.gelu(x, approximate="tanh")


Activation = Callable[[torch.Tensor], torch.Tensor]


class Cell(nn.Module):
    """A recurrent cell, with the weights of TensorFlow: the columns of a kernel are those of its gates, one after another."""

    gates = 1
    states = 1

    def __init__(
        self,
        inputs: int,
        units: int,
        activation: Activation = torch.tanh,
        bias: bool = True,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        gate_activation: Activation = hard_sigmoid,
        reset_after: bool = False,
    ):
        super().__init__()
        self.units, self.activation, self.gate_activation = units, activation, gate_activation
        self.dropout, self.recurrent_dropout, self.reset_after = dropout, recurrent_dropout, reset_after
        self.kernel = nn.Parameter(torch.zeros(inputs, self.gates * units))
        self.recurrent_kernel = nn.Parameter(torch.zeros(units, self.gates * units))
        width = self.gates * units
        self.bias = nn.Parameter(torch.zeros((2, width) if reset_after else width)) if bias else None

    def start(self, x: torch.Tensor) -> list[torch.Tensor]:
        """The first states, for a step of the sequence."""
        return [x.new_zeros(len(x), self.units) for _ in range(self.states)]

    def masks(self, x: torch.Tensor, state: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """What dropout keeps of the input and of the state, in all steps of a sequence."""
        own = F.dropout(torch.ones_like(x), self.dropout, self.training)
        return own, F.dropout(torch.ones_like(state), self.recurrent_dropout, self.training)


class SimpleCell(Cell):
    def forward(self, x: torch.Tensor, states: list[torch.Tensor]) -> list[torch.Tensor]:
        x = x @ self.kernel + states[0] @ self.recurrent_kernel
        return [self.activation(x if self.bias is None else x + self.bias)]


class GRUCell(Cell):
    """Its gates are update, reset and the new state."""

    gates = 3

    def forward(self, x: torch.Tensor, states: list[torch.Tensor]) -> list[torch.Tensor]:
        zero = x.new_zeros(3 * self.units)
        bias = zero if self.bias is None else self.bias
        of_input, of_reset = bias if self.reset_after and self.bias is not None else (bias, zero)
        update, reset, new = (x @ self.kernel + of_input).chunk(3, 1)
        if self.reset_after:
            of_state = (states[0] @ self.recurrent_kernel + of_reset).chunk(3, 1)
            update, reset = self.gate_activation(update + of_state[0]), self.gate_activation(reset + of_state[1])
            new = self.activation(new + reset * of_state[2])
        else:
            gates, of_new = self.recurrent_kernel.split([2 * self.units, self.units], 1)
            of_state = (states[0] @ gates).chunk(2, 1)
            update, reset = self.gate_activation(update + of_state[0]), self.gate_activation(reset + of_state[1])
            new = self.activation(new + (reset * states[0]) @ of_new)
        return [update * states[0] + (1 - update) * new]


class LSTMCell(Cell):
    """Its gates are input, forget, the new memory and output."""

    gates = 4
    states = 2

    def forward(self, x: torch.Tensor, states: list[torch.Tensor]) -> list[torch.Tensor]:
        x = x @ self.kernel + states[0] @ self.recurrent_kernel
        insert, forget, new, output = (x if self.bias is None else x + self.bias).chunk(4, 1)
        memory = self.gate_activation(forget) * states[1] + self.gate_activation(insert) * self.activation(new)
        return [self.gate_activation(output) * self.activation(memory), memory]


class ConvLSTMCell(nn.Module):
    """A long short-term memory whose kernels are convolutions: height x width x inputs x gates."""

    def __init__(
        self,
        inputs: int,
        filters: int,
        kernel: tuple[int, int],
        stride: tuple[int, int] = (1, 1),
        padding: tuple[int, int, int, int] = (0, 0, 0, 0),
        dilation: tuple[int, int] = (1, 1),
        activation: Activation = torch.tanh,
        gate_activation: Activation = hard_sigmoid,
        bias: bool = True,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
    ):
        super().__init__()
        self.filters, self.stride, self.padding, self.dilation = filters, stride, padding, dilation
        self.activation, self.gate_activation = activation, gate_activation
        self.dropout, self.recurrent_dropout = dropout, recurrent_dropout
        self.kernel = nn.Parameter(torch.zeros(*kernel, inputs, 4 * filters))
        self.recurrent_kernel = nn.Parameter(torch.zeros(*kernel, filters, 4 * filters))
        self.bias = nn.Parameter(torch.zeros(4 * filters)) if bias else None

    def convolve(self, x: torch.Tensor) -> torch.Tensor:
        x = F.pad(x.movedim(-1, 1), self.padding)
        kernel = self.kernel.permute(3, 2, 0, 1)
        return F.conv2d(x, kernel, self.bias, self.stride, dilation=self.dilation).movedim(1, -1)

    def start(self, x: torch.Tensor) -> list[torch.Tensor]:
        state = torch.zeros_like(self.convolve(x)[..., : self.filters])
        return [state, state]

    def masks(self, x: torch.Tensor, state: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        own = F.dropout(torch.ones_like(x), self.dropout, self.training)
        return own, F.dropout(torch.ones_like(state), self.recurrent_dropout, self.training)

    def forward(self, x: torch.Tensor, states: list[torch.Tensor]) -> list[torch.Tensor]:
        of_state = F.conv2d(states[0].movedim(-1, 1), self.recurrent_kernel.permute(3, 2, 0, 1), padding="same")
        insert, forget, new, output = (self.convolve(x) + of_state.movedim(1, -1)).chunk(4, -1)
        memory = self.gate_activation(forget) * states[1] + self.gate_activation(insert) * self.activation(new)
        return [self.gate_activation(output) * self.activation(memory), memory]


class Recurrent(nn.Module):
    """Runs cells over the steps of a sequence. A step that the mask skips repeats the states of the one before."""

    def __init__(self, *cells: nn.Module, return_sequences: bool = False, go_backwards: bool = False):
        super().__init__()
        self.cells: Any = nn.ModuleList(cells)
        self.return_sequences, self.go_backwards = return_sequences, go_backwards

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        steps = list(x.unbind(1))
        flags = [None] * len(steps) if mask is None else list(mask.unbind(1))
        states: list[list[torch.Tensor]] = []
        kept: list[tuple[torch.Tensor, torch.Tensor]] = []
        outputs = []
        order = range(len(steps))
        for place in reversed(order) if self.go_backwards else order:
            value, flag = steps[place], flags[place]
            for index, cell in enumerate(self.cells):
                if len(states) == index:
                    states.append(cell.start(value))
                    kept.append(cell.masks(value, states[index][0]))
                old = states[index]
                new = cell(value * kept[index][0], [old[0] * kept[index][1], *old[1:]])
                if flag is not None:
                    new = [torch.where(flag[:, None], own, before) for own, before in zip(new, old, strict=True)]
                states[index] = new
                value = new[0]
            outputs.append(value)
        return torch.stack(outputs, 1) if self.return_sequences else outputs[-1]


class StepOutputs(nn.Module):
    """The outputs of a recurrent layer of PyTorch: of all steps, or of the last one.

    A bias for the state starts with zeros. Only that of a GRU is trained, since the others have the bias of the input.
    """

    def __init__(self, layer: nn.RNNBase, return_sequences: bool = False, go_backwards: bool = False):
        super().__init__()
        self.layer, self.return_sequences, self.go_backwards = layer, return_sequences, go_backwards
        for name, weight in layer.named_parameters():
            if name.startswith("bias_hh"):
                nn.init.zeros_(weight).requires_grad_(isinstance(layer, nn.GRU))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        outputs, _ = self.layer(x.flip(1) if self.go_backwards else x)
        return outputs if self.return_sequences else outputs[:, -1]


class Bidirectional(nn.Module):
    """A recurrent layer and a copy that runs in reverse order."""

    def __init__(self, ahead: nn.Module, back: nn.Module, merge: str = "concat"):
        super().__init__()
        self.ahead, self.back, self.merge = ahead, back, merge

    def forward(self, x: torch.Tensor, *mask: torch.Tensor) -> torch.Tensor:
        ahead, back = self.ahead(x, *mask), self.back(x, *mask)
        if self.back.return_sequences:
            back = back.flip(1)
        if self.merge == "concat":
            return torch.cat((ahead, back), -1)
        if self.merge == "mul":
            return ahead * back
        return (ahead + back) / (2 if self.merge == "ave" else 1)
