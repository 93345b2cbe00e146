"""Writes networks of PyTorch and Keras as ONNX files, and runs ONNX files in ONNX Runtime.

usage: onnxModels.py write FOLDER | onnxModels.py run FOLDER

Each NAME.onnx has its inputs in NAME.inputs.npz and, after a run, its outputs in NAME.outputs.npz.
"""

import importlib.util
import os
import sys
import warnings
from pathlib import Path

import numpy as np

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
warnings.filterwarnings("ignore")


def has(*packages):
    return all(importlib.util.find_spec(package) for package in packages)


def torch_models():
    import torch
    from torch import nn

    torch.manual_seed(0)

    class Residual(nn.Module):
        def __init__(self, inputs, outputs, stride):
            super().__init__()
            self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(outputs)
            self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(outputs)
            short = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
            self.shortcut = short if stride > 1 else nn.Identity()

        def forward(self, x):
            y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
            return torch.relu(y + self.shortcut(x))

    def resnet():
        stem = [nn.Conv2d(3, 8, 7, 2, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
        blocks = [Residual(8, 8, 1), Residual(8, 16, 2), Residual(16, 16, 1)]
        return nn.Sequential(*stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10))

    def lenet():
        features = [nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh()]
        head = [nn.Linear(400, 120), nn.Tanh(), nn.Dropout(0.5), nn.Linear(120, 10), nn.Softmax(-1)]
        return nn.Sequential(*features, nn.AvgPool2d(2), nn.Flatten(), *head)

    class Words(nn.Module):
        def __init__(self, cell, bidirectional=False):
            super().__init__()
            self.embedding = nn.Embedding(20, 6)
            self.cell = getattr(nn, cell)(6, 5, batch_first=True, bidirectional=bidirectional)
            self.head = nn.Linear(10 if bidirectional else 5, 3)

        def forward(self, x):
            steps, _ = self.cell(self.embedding(x))
            return self.head(steps.mean(1) if self.cell.bidirectional else steps[:, -1])

    class Enlarging(nn.Module):
        def __init__(self):
            super().__init__()
            self.down = nn.Conv2d(3, 8, 3, padding=1)
            self.deep = nn.Conv2d(8, 16, 3, padding=1)
            self.up = nn.ConvTranspose2d(16, 8, 2, 2)
            self.slopes = nn.PReLU(8)
            self.head = nn.Conv2d(16, 2, 1)

        def forward(self, x):
            wide = nn.functional.leaky_relu(self.down(x), 0.1)
            deep = nn.functional.silu(self.deep(nn.functional.max_pool2d(wide, 2)))
            return torch.sigmoid(self.head(torch.cat([self.slopes(self.up(deep)), wide], 1)))

    def sequence():
        first = [nn.Conv1d(4, 8, 3, padding=1), nn.ReLU(), nn.MaxPool1d(2)]
        second = [nn.Conv1d(8, 6, 3, padding=1), nn.BatchNorm1d(6), nn.GELU(), nn.AdaptiveAvgPool1d(1)]
        return nn.Sequential(*first, *second, nn.Flatten(), nn.Linear(6, 2))

    def vectors():
        first = [nn.Linear(7, 16), nn.LayerNorm(16), nn.Mish(), nn.Linear(16, 16, bias=False), nn.BatchNorm1d(16)]
        second = [nn.Hardswish(), nn.Linear(16, 8), nn.ReLU6(), nn.Linear(8, 8), nn.Hardtanh(), nn.Linear(8, 3)]
        return nn.Sequential(*first, *second)

    words = torch.randint(0, 20, (2, 7))
    models = {
        "resnet": (resnet(), torch.randn(2, 3, 32, 32)),
        "lenet": (lenet(), torch.randn(2, 1, 28, 28)),
        "lstm": (Words("LSTM"), words),
        "gru": (Words("GRU"), words),
        "bidirectional": (Words("LSTM", True), words),
        "enlarging": (Enlarging(), torch.randn(2, 3, 16, 16)),
        "sequence": (sequence(), torch.randn(2, 4, 16)),
        "vectors": (vectors(), torch.randn(4, 7)),
    }
    if has("torchvision"):
        from torchvision import models as published

        names = "resnet18 mobilenet_v2 mobilenet_v3_small efficientnet_b0 densenet121 squeezenet1_1"
        for name in names.split():
            models[name] = (getattr(published, name)(weights=None), torch.randn(1, 3, 64, 64))
    return models


def write_torch(folder):
    import torch
    from torch import nn

    for name, (model, x) in torch_models().items():
        for module in model.modules():
            if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
                nn.init.normal_(module.running_mean, 0, 0.3)
                nn.init.uniform_(module.running_var, 0.5, 1.5)
        model.eval()
        options = {"input_names": ["x"], "output_names": ["y"], "dynamic_axes": {"x": {0: "batch"}}}
        torch.onnx.export(model, (x,), folder / f"torchscript-{name}.onnx", dynamo=False, **options)
        save(folder / f"torchscript-{name}.inputs.npz", [x.numpy()])
        if has("onnxscript"):
            shapes = ({0: torch.export.Dim("batch")},)
            path = folder / f"dynamo-{name}.onnx"
            torch.onnx.export(model, (x,), path, dynamo=True, external_data=True, dynamic_shapes=shapes, verbose=False)
            save(folder / f"dynamo-{name}.inputs.npz", [x.numpy()])


def keras_models():
    import keras
    from keras import layers

    keras.utils.set_random_seed(1)

    def images():
        yield layers.Conv2D(8, 3, padding="same", activation="relu")
        yield layers.BatchNormalization()
        yield layers.MaxPooling2D()
        yield layers.SeparableConv2D(12, 3, padding="same", activation="swish")
        yield layers.DepthwiseConv2D(3, strides=2, padding="same", use_bias=False)
        yield layers.BatchNormalization()
        yield layers.ReLU(6.0)
        yield layers.Conv2DTranspose(4, 3, strides=2, padding="same", activation="elu")
        yield layers.ZeroPadding2D(1)
        yield layers.Conv2D(8, 3, strides=2)
        yield layers.Flatten()
        yield layers.Dense(20, activation="tanh")
        yield layers.Dropout(0.3)
        yield layers.Dense(10, activation="softmax")

    def sequences():
        yield layers.Conv1D(6, 3, padding="same", activation="relu")
        yield layers.MaxPooling1D(2)
        yield layers.LSTM(4, return_sequences=True)
        yield layers.LayerNormalization()
        yield layers.GlobalAveragePooling1D()
        yield layers.Dense(2)

    def words():
        yield layers.Embedding(20, 6)
        yield layers.LSTM(4)
        yield layers.Dense(2, activation="softmax")

    draw = np.random.default_rng(1)
    yield "images", keras.Sequential([keras.Input((28, 28, 1)), *images()]), draw.random((2, 28, 28, 1))
    yield "sequences", keras.Sequential([keras.Input((12, 5)), *sequences()]), draw.random((2, 12, 5))
    yield "words", keras.Sequential([keras.Input((9,)), *words()]), draw.integers(0, 20, (2, 9))


def write_keras(folder):
    for name, model, x in keras_models():
        x = x.astype("float32")
        model(x)
        model.export(folder / f"keras-{name}.onnx", format="onnx", verbose=False)
        save(folder / f"keras-{name}.inputs.npz", [x])


def save(path, arrays):
    np.savez(path, **{str(index): array for index, array in enumerate(arrays)})


def run(folder):
    import onnxruntime

    for path in sorted(folder.glob("*.onnx")):
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        with np.load(path.with_suffix(".inputs.npz")) as arrays:
            inputs = {given.name: arrays[str(index)] for index, given in enumerate(session.get_inputs())}
        save(path.with_suffix(".outputs.npz"), session.run(None, inputs))


def write(folder):
    if has("torch"):
        write_torch(folder)
    if has("keras", "tf2onnx", "tensorflow"):
        write_keras(folder)


if __name__ == "__main__":
    {"write": write, "run": run}[sys.argv[1]](Path(sys.argv[2]))
