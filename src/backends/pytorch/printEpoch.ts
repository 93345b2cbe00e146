/** Prints `run_epoch` of a PyTorch script, which goes over samples to train or to evaluate, and what it calls. */
import { lookUp } from '../../language/schema.ts'
import { lossTable } from '../../parts/losses/table.ts'
import { metricTable } from '../../parts/metrics/table.ts'
import { normalizesBatches } from '../python/printData.ts'
import { quotePython } from '../python/printLiteral.ts'
import { lossForms, printMetric, type MetricForm } from './objectives.ts'
import { printedObjectives, type PrintedObjective, type Training } from './training.ts'

/** What training does besides computing gradients. */
export interface EpochParts {
  /** Whether `penalty_of` adds to the loss. */
  readonly hasPenalty: boolean
  /** Whether `constrain` changes the weights after each step. */
  readonly hasConstraints: boolean
  /** Whether the learning rate of each step comes from `rates`. */
  readonly isScheduled: boolean
  /** Lines after each step, from `loss` and `model`. */
  readonly afterStep: readonly string[]
}

export function printRunEpoch(training: Training, parts: EpochParts): string {
  const { spec, script, network } = training
  const objectives = printedObjectives(training)
  const accumulated = spec.training.gradientAccumulation ?? 1
  const usesModule = parts.hasPenalty || parts.hasConstraints || spec.training.weightDecay !== undefined
  const order = spec.training.shuffle ? 'torch.randperm' : 'torch.arange'
  const measures = printMeasures(objectives)
  const isWhole = readsTensors(training)
  const size = accumulated === 1 ? 'args.batch_size // WORLD' : `args.batch_size * ${accumulated} // WORLD`
  const isTraining = parts.isScheduled ? 'if optimizer and rates:' : 'if optimizer:'
  const call = `model(${givenInputs(network).join(', ')})`
  const forward = [
    ...printBatch(training),
    `outputs = ${network.outputs.length > 1 ? `[*${call}]` : call}`,
    ...printLoss(objectives, script.classWeights !== undefined),
  ]
  const step = [
    ...(accumulated > 1 ? [] : printBackward(parts, 'loss')),
    ...printUpdate(training, parts),
    'all_reduce(INTERRUPTED)',
    'if INTERRUPTED:',
    '    return {}',
  ]
  const batches =
    accumulated === 1
      ? [...forward, isTraining, ...indent(step), ...measures.lines]
      : [
          'for part in rows.split(args.batch_size // WORLD):',
          ...indent([
            ...forward,
            'if optimizer:',
            ...indent(printBackward(parts, 'loss * (len(part) / len(rows))')),
            ...measures.lines,
          ]),
          isTraining,
          ...indent(step),
        ]
  const extra = extraParameters(training).map(({ parameter }) => `${parameter}, `)
  const rates = parts.isScheduled ? ', rates: Iterator[float] | None = None' : ''
  return [
    `def run_epoch(title: str, model: nn.Module, samples: Samples, args: argparse.Namespace, ${extra.join('')}optimizer=None${rates}) -> dict:`,
    '    """Trains for an epoch, or evaluates if there is no optimizer, and returns the loss and the metrics."""',
    ...indent([
      'torch.set_grad_enabled(model.train(optimizer is not None).training)',
      ...(usesModule
        ? ['module = model.module if isinstance(model, nn.parallel.DistributedDataParallel) else model']
        : []),
      isWhole ? 'inputs, labels = map(torch.from_numpy, samples)' : 'inputs, labels = samples',
      ...(spec.augment.length > 0 ? ['rng = np.random.default_rng(int(torch.randint(2**31, ())) + RANK)'] : []),
      // All processes take the same number of steps.
      `order = ${order}(len(labels) // WORLD * WORLD) if optimizer else torch.arange(len(labels))`,
      `sums = torch.zeros(${measures.size}${measures.isExact ? ', dtype=torch.float64' : ', device=args.device'})`,
      `for rows in order[RANK::WORLD].split(${size}):`,
      ...indent(batches),
      'all_reduce(sums)',
      `logs = {${measures.results.join(', ')}}`,
      'if RANK == 0:',
      '    print(title, logs, flush=True)',
      'return logs',
    ]),
  ].join('\n')
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `    ${line}`)
}

/** The parameters of `run_epoch` besides those of each script, with the arguments that `main` passes. */
export function extraParameters({ spec, script }: Training): readonly { parameter: string; argument: string }[] {
  return [
    ...(normalizesBatches(spec, script) ? [{ parameter: 'statistics: Samples', argument: 'statistics' }] : []),
    ...(script.classWeights === undefined
      ? []
      : [{ parameter: 'class_weights: torch.Tensor', argument: 'class_weights' }]),
  ]
}

/** Whether all samples are tensors, of which a batch takes rows, since nothing changes a batch in NumPy. */
function readsTensors({ script, spec }: Training): boolean {
  return !script.isStreamed && spec.augment.length === 0 && !normalizesBatches(spec, script)
}

/** Prints the statements that set `x` and `y` to the rows of a batch: the one place where the channels of inputs are moved. */
function printBatch(training: Training): readonly string[] {
  const { network, script, spec } = training
  const moved = network.inputs[0]!.layout === 'moved' ? '.movedim(-1, 1)' : ''
  const isClass = script.mixes || spec.facts?.hasValues === true ? '' : '.long()'
  const rows = (spec.training.gradientAccumulation ?? 1) === 1 ? 'rows' : 'part'
  if (readsTensors(training))
    return [`x, y = inputs[${rows}]${moved}.to(args.device), labels[${rows}]${isClass}.to(args.device)`]
  const isAugmented = spec.augment.length > 0
  // NumPy takes a tensor with one number as a number.
  const places = `${rows}.numpy()`
  const decoded = script.isStreamed ? `read_inputs(inputs[${places}])` : `inputs[${places}]`
  const [read, targets] = isAugmented ? ['batch', 'targets'] : [decoded, `labels[${places}]`]
  const isNormalized = normalizesBatches(spec, script)
  return [
    ...(isAugmented
      ? [
          `batch, targets = ${decoded}, labels[${places}]`,
          'if optimizer:',
          '    batch, targets = augment(batch, targets, rng)',
        ]
      : []),
    `x = torch.from_numpy(${isNormalized ? `(${read} - statistics[0]) / statistics[1]` : read})${moved}.to(args.device)`,
    `y = torch.from_numpy(${targets})${isClass}.to(args.device)`,
  ]
}

/** The samples of a batch for each input of the network, from `x` as the first input takes them. */
function givenInputs({ inputs }: Training['network']): readonly string[] {
  const isMoved = inputs[0]!.layout === 'moved'
  return inputs.map(({ layout }) => {
    if ((layout === 'moved') === isMoved) return 'x'
    return isMoved ? 'x.movedim(1, -1)' : 'x.movedim(-1, 1)'
  })
}

function printLoss(objectives: readonly PrintedObjective[], isWeighted: boolean): readonly string[] {
  const terms = objectives.map(({ loss, value, weight }) => {
    const call = lookUp(lossForms, loss.type)(value, loss.options, isWeighted)
    const own = isWeighted ? `weigh_classes(${call}, y, class_weights if optimizer else None)` : call
    return weight === 1 ? own : `${weight} * ${own}`
  })
  return [`loss = ${terms[0]}`, ...terms.slice(1).map((term) => `loss = loss + ${term}`)]
}

function printBackward({ hasPenalty }: EpochParts, loss: string): readonly string[] {
  return [
    ...(hasPenalty ? ['loss = loss + penalty_of(module)'] : []),
    `${loss.includes(' ') ? `(${loss})` : loss}.backward()`,
  ]
}

/** Prints the change of the weights by their gradients. */
function printUpdate({ spec: { training }, learningRates }: Training, parts: EpochParts): readonly string[] {
  const { clipValue, clipNorm, weightDecay } = training
  const hasGroups = Object.keys(learningRates).length > 0
  return [
    ...(parts.isScheduled ? printRate(hasGroups) : []),
    ...(clipValue === undefined ? [] : [`nn.utils.clip_grad_value_(model.parameters(), ${clipValue})`]),
    ...(clipNorm === undefined ? [] : [`nn.utils.clip_grad_norm_(model.parameters(), ${clipNorm})`]),
    ...(weightDecay === undefined ? [] : printDecay(weightDecay, hasGroups)),
    'optimizer.step()',
    'optimizer.zero_grad()',
    ...(parts.hasConstraints ? ['constrain(module)'] : []),
    ...parts.afterStep,
  ]
}

function printRate(hasGroups: boolean): readonly string[] {
  if (!hasGroups) return ['optimizer.param_groups[0]["lr"] = next(rates)']
  return ['rate = next(rates)', 'for group in optimizer.param_groups:', '    group["lr"] = rate * group["factor"]']
}

function printDecay(weightDecay: number, hasGroups: boolean): readonly string[] {
  if (!hasGroups)
    return [
      'for weight in decayed_weights(module):',
      `    weight.data.mul_(1 - optimizer.param_groups[0]["lr"] * ${weightDecay})`,
    ]
  return [
    'decayed = {id(weight) for weight in decayed_weights(module)}',
    'for group in optimizer.param_groups:',
    '    for weight in group["params"]:',
    '        if id(weight) in decayed:',
    `            weight.data.mul_(1 - group["lr"] * ${weightDecay})`,
  ]
}

interface Measures {
  /** Statements that add the sums of a batch to `sums`. */
  readonly lines: readonly string[]
  readonly size: number
  /** Entries of a dictionary: a value for each name. */
  readonly results: readonly string[]
  /** Whether the sums need 64 bits. */
  readonly isExact: boolean
}

/** Prints the sums of the loss and the metrics; of several outputs, also the loss of each. */
function printMeasures(objectives: readonly PrintedObjective[]): Measures {
  const measured = [{ name: 'loss', sums: 'loss.detach() * len(y)' }, ...measuresOf(objectives)]
  let size = 0
  const placed = measured.map((one: Measured) => {
    const start = size
    size += one.count ?? 1
    const place = one.count === undefined ? `sums[${start}]` : `sums[${start}:${size}]`
    const result = one.result === undefined ? `float(${place} / len(order))` : `${one.result}(${place})`
    return { place, sums: one.sums, entry: `${quotePython(one.name)}: ${result}` }
  })
  const lines = placed.map(({ place, sums }) => `${place} += ${sums}`)
  // The computation of classes has no gradient.
  const hasGradient = measured.some((one: Measured) => one.isOfClasses !== true && one.name !== 'loss')
  return {
    lines: hasGradient ? ['with torch.no_grad():', ...indent(lines)] : lines,
    size,
    results: placed.map(({ entry }) => entry),
    isExact: measured.some((one: Measured) => one.isExact === true),
  }
}

interface Measured extends MetricForm {
  readonly name: string
}

function measuresOf(objectives: readonly PrintedObjective[]): readonly Measured[] {
  const several = objectives.length > 1
  return objectives.flatMap(({ loss, metrics, value, prefix }) => {
    const own = several
      ? [{ name: `${prefix}loss`, sums: `${lookUp(lossForms, loss.type)(value, loss.options, false)} * len(y)` }]
      : []
    const others = metrics.map(({ type, options }) => {
      const metric = lookUp(metricTable, type)
      const takesLogits =
        metric.takesLogits === true ||
        (Object.hasOwn(lossTable, type) &&
          lookUp(lossTable, type)
            .ofLogits?.(options)
            .some((one) => one === value.logits) === true)
      return { name: `${prefix}${type}`, ...printMetric(type, value, options, takesLogits) }
    })
    return [...own, ...others]
  })
}
