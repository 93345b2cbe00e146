"""Measures training in PyTorch on noise: a plain loop over channels-last tensors in memory.

Arguments: network, batch size, torch.compile (on or off). The networks are those of train/nets.ts.
"""

import os
import sys

import torch
from torch import nn

from pass_timer import measure_passes

name, batch, compiles = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "on"
torch.set_num_threads(len(os.sched_getaffinity(0)))
channels, side = (3, 32) if name == "cifar10-cnn" else (1, 28)
torch.manual_seed(1)


def convolutional():
    size = side // 4
    return nn.Sequential(
        nn.Conv2d(channels, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(size * size * 64, 10),
    )


def perceptron():
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10)
    )


def normalized(inputs, filters, size=3, stride=1, groups=1, relu=True):
    parts = [
        nn.Conv2d(inputs, filters, size, stride=stride, padding=size // 2, groups=groups, bias=False),
        nn.BatchNorm2d(filters),
    ]
    return nn.Sequential(*parts, *([nn.ReLU()] if relu else []))


class Residual(nn.Module):
    def __init__(self, inputs, filters, stride):
        super().__init__()
        self.body = nn.Sequential(
            normalized(inputs, filters, stride=stride), normalized(filters, filters, relu=False)
        )
        self.skip = nn.Identity() if stride == 1 else normalized(inputs, filters, 1, stride, relu=False)

    def forward(self, x):
        return torch.relu(self.body(x) + self.skip(x))


def residual():
    return nn.Sequential(
        normalized(1, 16),
        Residual(16, 16, 1),
        Residual(16, 32, 2),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(32, 10),
    )


def separable():
    return nn.Sequential(
        normalized(1, 16, stride=2),
        normalized(16, 16, groups=16),
        normalized(16, 32, 1),
        normalized(32, 32, stride=2, groups=32),
        normalized(32, 64, 1),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(64, 10),
    )


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(28, 64, batch_first=True)
        self.answer = nn.Linear(64, 10)

    def forward(self, x):
        return self.answer(self.lstm(x.reshape(-1, 28, 28))[0][:, -1])


model = {
    "mnist-cnn": convolutional,
    "cifar10-cnn": convolutional,
    "mlp": perceptron,
    "resnet": residual,
    "mobilenet": separable,
    "lstm": Recurrent,
}[name]()
if name != "mlp" and name != "lstm":
    model = model.to(memory_format=torch.channels_last)
if name in ("resnet", "mobilenet"):
    optimizer = torch.optim.SGD(model.parameters(), 0.05, momentum=0.9, fused=True)
elif name == "lstm":
    optimizer = torch.optim.Adam(model.parameters(), 0.001, fused=True)
else:
    optimizer = torch.optim.SGD(model.parameters(), 0.01, fused=True)
loss_of = nn.CrossEntropyLoss()
if compiles:
    model = torch.compile(model)

count = 20 * batch
images = torch.rand(count, channels, side, side)
if name not in ("mlp", "lstm"):
    images = images.contiguous(memory_format=torch.channels_last)
labels = torch.randint(0, 10, (count,))


def fit():
    right = torch.zeros((), dtype=torch.int64)
    for chosen in torch.randperm(count).split(batch):
        optimizer.zero_grad()
        answers = model(images[chosen])
        loss = loss_of(answers, labels[chosen])
        loss.backward()
        optimizer.step()
        right += (answers.argmax(1) == labels[chosen]).sum()


measure_passes(count, fit)
