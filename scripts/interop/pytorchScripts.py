"""Builds and runs compiled PyTorch scripts for `npm run interop -- pytorch`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch.optim import optimizer

import compareScripts
from compareScripts import Arrays, Logs

# Where the channels of images and volumes are in memory.
layouts = {4: torch.channels_last, 5: torch.channels_last_3d}


def reset() -> None:
    torch.manual_seed(1)
    torch.set_grad_enabled(True)


def create_model(script: Any, file: Path) -> torch.nn.Module:
    model = script.build_model() if hasattr(script, "build_model") else script.Model()
    weights = torch.load(file).values()
    model.load_state_dict(dict(zip(model.state_dict(), weights, strict=True)))
    return model.eval()


def weights_of(model: torch.nn.Module, _names: list[str]) -> Arrays:
    return [value.detach().numpy().copy() for value in model.state_dict().values()]


def predict(model: torch.nn.Module, inputs: Arrays, case: dict[str, Any]) -> Iterator[tuple[str, Arrays]]:
    """Calls the model with channels first in memory, and with channels last."""
    given = [torch.from_numpy(array) for array in inputs]
    given = [x.movedim(-1, 1) if moved else x for x, moved in zip(given, case["moved"], strict=True)]
    given = [x.contiguous() for x in given]
    yield "", call(model, given, case)
    ranks = {parameter.dim() for parameter in model.parameters()} & set(layouts)
    for rank in sorted(ranks):
        turned = [x.to(memory_format=layouts[rank]) if x.dim() == rank else x for x in given]
        yield f"with channels last in {rank - 2} dimensions", call(model.to(memory_format=layouts[rank]), turned, case)


def call(model: torch.nn.Module, inputs: list[torch.Tensor], case: dict[str, Any]) -> Arrays:
    with torch.no_grad():
        outputs = model(*inputs)
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    functions = {"softmax": lambda x: x.softmax(-1), "sigmoid": torch.sigmoid, "linear": lambda x: x}
    named = zip(outputs, case["activations"], strict=True)
    return [functions[activation](output).numpy() for output, activation in named]


def train(script: Any, names: list[str]) -> tuple[int, list[Arrays], Logs]:
    """Watches the model, its optimizer and the function that runs an epoch."""
    models: list[torch.nn.Module] = []
    states: list[Arrays] = []
    logs: Logs = []
    is_next = True

    def before_batch(model: torch.nn.Module, _inputs: Any) -> None:
        nonlocal is_next
        if model.training and is_next:
            states.append(weights_of(model, names))
            is_next = False

    def after_step(*_: Any) -> None:
        nonlocal is_next
        is_next = True

    name = "build_model" if hasattr(script, "build_model") else "Model"
    build, run_epoch = getattr(script, name), script.run_epoch

    def watched_model() -> torch.nn.Module:
        models.append(build())
        models[-1].register_forward_pre_hook(before_batch)
        return models[-1]

    def watched_epoch(title: str, *args: Any) -> dict[str, float]:
        found = run_epoch(title, *args)
        if title.startswith("epoch"):
            logs.append(found)
        elif title == "validation":
            logs[-1] = logs[-1] | {f"val_{name}": value for name, value in found.items()}
        return found

    setattr(script, name, watched_model)
    script.run_epoch = watched_epoch
    hook = optimizer.register_optimizer_step_post_hook(after_step)
    try:
        code = script.main()
    finally:
        hook.remove()
    return code, [*states, weights_of(models[0], names)], logs


if __name__ == "__main__":
    compareScripts.main(compareScripts.Framework(reset, create_model, weights_of, predict, train))
