/** Prints the training of a PyTorch script: the sections after the network and the data. */
import { plannedRunOf } from '../../graph/plannedRun.ts'
import type { ScriptExperiment } from '../../program/lowerScript.ts'
import { dataOf, printLiteral } from '../python/printLiteral.ts'
import { printCallbacks, type CallbackForm } from './callbacks.ts'
import { decayOf, printOptimizer } from './optimizers.ts'
import { measuresOf, printLoss, printMeasure, printSummary, type Measured } from './printMeasures.ts'
import { printConstrain, printPenalty } from './printPenalties.ts'
import { printEvaluate, printMain, printTensors } from './printProgram.ts'
import { outputType, printedObjectives, statisticsArgument, type Training } from './training.ts'

/** Prints the sections after the network and the data. */
export function printTraining(training: Training): readonly string[] {
  const { spec, script, network, printed } = training
  const several = network.outputs.length > 1
  const objectives = printedObjectives(training)
  const penalty = printPenalty(network.layers, printed.model.attributes)
  const constrain = printConstrain(network.layers, printed.model.attributes)
  const forms = printCallbacks(spec.callbacks, plannedRunOf(spec, network.outputs))
  const metrics = measuresOf(objectives)
  const parts = { ...training, forms, penalty, constrain, metrics }
  return [
    printTensors(training),
    printLoss(objectives, script, several),
    printMeasure(metrics, several),
    ...(penalty === undefined ? [] : [penalty]),
    ...(constrain === undefined ? [] : [constrain]),
    ...(spec.training.weightDecay === undefined ? [] : [printDecayed(printed.model.lines.join('\n'))]),
    printStep(parts),
    printSummary(metrics),
    printEvaluate(training, several),
    printTrain(parts),
    printMain(training),
  ]
}

/** Prints `decayed_weights`: kernels and embeddings. */
function printDecayed(model: string): string {
  const kinds = [
    'nn.Linear',
    'nn.Conv1d',
    'nn.Conv2d',
    'nn.Conv3d',
    'nn.ConvTranspose2d',
    'nn.ConvTranspose3d',
    'Embedding',
  ]
  const cells = ['SimpleCell', 'GRUCell', 'LSTMCell', 'ConvLSTMCell']
  const used = [...kinds, ...cells].filter((name) => new RegExp(String.raw`(?<![\w.])${name}\(`).test(model))
  return [
    'def decayed_weights(model: nn.Module) -> list[nn.Parameter]:',
    '    """Kernels and embeddings; biases and the weights of normalization do not decay."""',
    `    kinds = (${used.join(', ')}${used.length === 1 ? ',' : ''})`,
    '    modules = [module for module in model.modules() if isinstance(module, kinds)]',
    '    weights = [item for module in modules for item in module.named_parameters(recurse=False)]',
    '    return [weight for name, weight in weights if name != "bias" and weight.grad is not None]',
  ].join('\n')
}

interface Parts extends Training {
  readonly forms: readonly CallbackForm[]
  readonly penalty: string | undefined
  readonly constrain: string | undefined
  readonly metrics: readonly Measured[]
}

/** Prints `train_step`, which changes the weights by a batch, or by several if gradients are accumulated. */
function printStep({ spec: { training }, script, network, penalty, constrain }: Parts): string {
  const { clipValue, clipNorm, weightDecay, gradientAccumulation = 1 } = training
  const weights = script.classWeights === undefined ? '' : ', weights: torch.Tensor'
  const passed = script.classWeights === undefined ? '' : ', weights'
  const needsModel = [penalty, constrain, weightDecay].some((part) => part !== undefined)
  const several = network.outputs.length > 1
  const update = [
    ...(clipValue === undefined ? [] : [`torch.nn.utils.clip_grad_value_(net.parameters(), ${clipValue})`]),
    ...(clipNorm === undefined ? [] : [`torch.nn.utils.clip_grad_norm_(net.parameters(), ${clipNorm})`]),
    ...(weightDecay === undefined
      ? []
      : [
          'with torch.no_grad():',
          '    for weight in decayed_weights(model):',
          `        weight.mul_(1 - optimizer.param_groups[0]["lr"] * ${weightDecay})`,
        ]),
    'optimizer.step()',
    ...(constrain === undefined ? [] : ['constrain(model)']),
  ]
  const compute = [
    `outputs: ${outputType(several)} = net(inputs)`,
    `loss = loss_of(outputs, labels${passed})${penalty === undefined ? '' : ' + penalty_of(model)'}`,
  ]
  const accumulated = gradientAccumulation > 1
  const signature = accumulated
    ? `batches: Sequence[tuple[torch.Tensor, torch.Tensor]]${weights}`
    : `inputs: torch.Tensor, labels: torch.Tensor${weights}, share: float = 1.0`
  const body = accumulated
    ? [
        'optimizer.zero_grad()',
        'samples = sum(len(labels) for _, labels in batches) / share',
        'sums: Counter[str] = Counter()',
        'for inputs, labels in batches:',
        ...[
          ...compute,
          '(loss * (len(labels) / samples)).backward()',
          'sums.update(measure(loss, outputs, labels))',
        ].map((line) => `    ${line}`),
        ...update,
        'return loss, sums',
      ]
    : [
        ...compute,
        'optimizer.zero_grad()',
        '(loss * share).backward()',
        ...update,
        'return loss, measure(loss, outputs, labels)',
      ]
  return [
    `def train_step(net: nn.Module, optimizer: torch.optim.Optimizer, ${signature}${accumulated ? ', share: float = 1.0' : ''}) -> tuple[torch.Tensor, dict[str, Any]]:`,
    '    """Changes the weights; `share` corrects the mean over processes whose batches have different sizes."""',
    ...(needsModel ? ['    model = net.module if isinstance(net, DistributedDataParallel) else net'] : []),
    ...body.map((line) => `    ${line}`),
  ].join('\n')
}

function printTrain({ spec, script, printed: _printed, forms }: Parts): string {
  const { training, schedule, optimizer, augment } = spec
  const { parameter, argument } = statisticsArgument(spec, script)
  const batches = training.gradientAccumulation ?? 1
  const isWeighted = script.classWeights !== undefined
  const factors = forms.flatMap(({ rateFactor }) => (rateFactor === undefined ? [] : [rateFactor]))
  const decay = decayOf(optimizer!)
  const scheduled =
    schedule === undefined ? 'args.learning_rate' : 'learning_rate(args.learning_rate, step, steps, args.epochs)'
  const rate = [scheduled, ...factors].join(' * ')
  const isVarying = schedule !== undefined || factors.length > 0 || decay > 0
  const stepSize = batches === 1 ? 'args.batch_size' : `args.batch_size * ${batches}`
  const augmented = augment.length > 0
  const isLossUsed = forms.some(({ step = [] }) => step.length > 0)
  const passed = isWeighted ? ', weights' : ''
  const values = augmented ? 'x, y' : 'inputs[own], labels[own]'
  const read =
    batches === 1
      ? [
          ...(augmented ? ['x, y = augment(inputs[own], labels[own], rng)'] : []),
          `batch = to_tensors(${values}, device${argument})`,
          `${isLossUsed ? 'loss' : '_'}, batch_sums = train_step(net, optimizer, *batch${passed}, share=share)`,
        ]
      : [
          `parts = [own[first : first + args.batch_size] for first in range(0, len(own), args.batch_size)]`,
          augmented
            ? `batches = [to_tensors(*augment(inputs[part], labels[part], rng), device${argument}) for part in parts]`
            : `batches = [to_tensors(inputs[part], labels[part], device${argument}) for part in parts]`,
          `${isLossUsed ? 'loss' : '_'}, batch_sums = train_step(net, optimizer, batches${passed}, share=share)`,
        ]
  const validation = [
    'if "validation" in data:',
    `    logs |= summarize(evaluate(model, data["validation"], args.batch_size, device${argument}), "val_")`,
  ]
  const loop = [
    'net.train()',
    'sums: Counter[str] = Counter()',
    `order = ${training.shuffle ? 'rng.permutation(len(labels))' : 'np.arange(len(labels))'}`,
    `for start in range(0, len(order), ${stepSize}):`,
    ...[
      `rows = order[start : start + ${stepSize}]`,
      'if len(rows) < WORLD:',
      '    break',
      'own = rows[RANK::WORLD]',
      'share = len(own) * WORLD / len(rows)',
      ...(isVarying
        ? [
            `rate = ${rate}${decay > 0 ? ` / (1 + ${decay} * step)` : ''}`,
            'for group in optimizer.param_groups:',
            '    group["lr"] = rate',
          ]
        : []),
      ...read,
      'sums.update(batch_sums)',
      'step += 1',
      ...forms.flatMap(({ step = [] }) => step),
      'if is_stopped(stop, device):',
      '    return True',
    ].map((line) => `    ${line}`),
    'logs = summarize(sums)',
    ...(schedule !== undefined || factors.length > 0 ? ['logs["lr"] = rate'] : []),
    ...validation,
    'if not math.isfinite(logs["loss"]):',
    '    raise FloatingPointError("the loss is not finite: lower the learning rate, for example to a tenth")',
    'print_logs(f"epoch {epoch}", logs)',
    'if RANK == 0:',
    '    with (folder / "metrics.jsonl").open("a") as file:',
    '        file.write(json.dumps({"epoch": epoch, **logs}) + "\\n")',
    ...forms.flatMap(({ epoch = [] }) => epoch),
  ]
  return [
    `def train(model: nn.Module, data: Data, args: argparse.Namespace, device: torch.device, folder: Path${parameter}) -> bool:`,
    '    """Trains the model, and returns whether Ctrl-C ended it, which lets the current step finish."""',
    '    stop = threading.Event()',
    '    signal.signal(signal.SIGINT, lambda *_: stop.set())',
    '    net = DistributedDataParallel(model) if WORLD > 1 else model',
    `    optimizer = ${printOptimizer(optimizer!, 'args.learning_rate')}`,
    ...(training.shuffle || augmented ? ['    rng = np.random.default_rng(args.seed)'] : []),
    '    inputs, labels = data["train"]',
    ...(isWeighted ? [`    weights = torch.tensor(${printWeights(script)}, dtype=torch.float, device=device)`] : []),
    '    step = 0',
    ...(factors.length > 0 && !isVarying ? ['    rate = args.learning_rate'] : []),
    ...(schedule === undefined ? [] : [`    steps = -(-len(labels) // (${stepSize}))`]),
    ...forms.flatMap(({ before = [] }) => before).map((line) => `    ${line}`),
    '    for epoch in range(1, args.epochs + 1):',
    ...loop.map((line) => `        ${line}`),
    ...forms.flatMap(({ after = [] }) => after).map((line) => `    ${line}`),
    '    return False',
  ].join('\n')
}

function printWeights({ classWeights, classes }: ScriptExperiment): string {
  if (classWeights!.kind === 'call') return `balanced_weights(labels, ${classes})`
  return printLiteral(dataOf(classWeights!))
}
