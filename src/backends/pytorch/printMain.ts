/** Prints `main` of a PyTorch script: the arguments, the set-up, the loop over epochs, and what is saved. */
import type { ScriptExperiment } from '../../program/lowerScript.ts'
import { printArguments } from '../python/printArguments.ts'
import { normalizesBatches, printDataset, statisticsOf } from '../python/printData.ts'
import { dataOf, printLiteral } from '../python/printLiteral.ts'
import type { CallbackForm } from './callbacks.ts'
import { decayOf, printOptimizer } from './optimizers.ts'
import { extraParameters } from './printEpoch.ts'
import type { PrintedModel } from './printModel.ts'
import { isScheduled, type Training } from './training.ts'

const device = 'parser.add_argument("--device", default=str(torch.accelerator.current_accelerator(True) or "cpu"))'

const weights = 'initial weights: a state dict'

export function printMain(
  training: Training,
  { create, isFolded, paths }: PrintedModel,
  forms: readonly CallbackForm[],
): string {
  const { name, spec } = training
  const { epochs, batchSize, seed } = spec.training
  const learningRate = spec.optimizer!.options['learningRate'] as number
  const rates = Object.entries(training.learningRates).map(([layer, factor]) => [paths.get(layer)!, factor] as const)
  const factors = forms.flatMap(({ rateFactor }) => rateFactor ?? [])
  const extra = extraParameters(training).map(({ argument }) => `, ${argument}`)
  const evaluate = (split: string) => `run_epoch("${split}", model, data["${split}"], args${extra.join('')})`
  const lines = [
    ...printArguments({ name, epochs, batchSize, learningRate, seed, weights, others: [device] }),
    'if WORLD > 1:',
    '    distributed.init_process_group()',
    '    args.device = args.device.replace("cuda", f"cuda:{os.environ[\'LOCAL_RANK\']}")',
    'torch.manual_seed(args.seed)',
    ...printLoading(training, create, isFolded),
    'signal.signal(signal.SIGINT, lambda *_: INTERRUPTED.fill_(1))',
    'net = nn.parallel.DistributedDataParallel(model) if WORLD > 1 else model',
    `optimizer = ${printOptimizer(spec.optimizer!, 'args.learning_rate', rates)}`,
    ...forms.flatMap(({ before = [] }) => before),
    ...printRates(training, factors),
    'for epoch in range(1, args.epochs + 1):',
    ...indent([
      `logs = run_epoch(f"epoch {epoch}", net, data["train"], args${extra.join('')}, optimizer${isScheduled(spec) || factors.length > 0 ? ', rates' : ''})`,
      'if INTERRUPTED:',
      '    break',
      'if not np.isfinite(logs["loss"]):',
      '    parser.exit(3, "error: the loss is not finite any more; lower --learning-rate\\n")',
      ...(spec.schedule !== undefined || factors.length > 0 ? ['logs["lr"] = optimizer.param_groups[0]["lr"]'] : []),
      ...(isValidated(training)
        ? [`held_out = ${evaluate('validation')}`, 'logs |= {f"val_{name}": value for name, value in held_out.items()}']
        : []),
      ...forms.flatMap(({ epoch = [] }) => epoch),
    ]),
    ...forms.flatMap(({ after = [] }) => after),
    'if RANK == 0:',
    '    torch.save(model.state_dict(), args.out / "model.pt")',
    '    print(f"saved in {args.out}")',
    'if "test" in data and not INTERRUPTED:',
    `    ${evaluate('test')}`,
    'return 130 if INTERRUPTED else 0',
  ]
  return ['def main() -> int:', ...indent(lines)].join('\n')
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `    ${line}`)
}

function isValidated({ spec, script }: Training): boolean {
  return spec.training.validationSplit > 0 || script.hasValidation
}

/** Prints what fails if an argument or a file is wrong. */
function printLoading({ script, spec, pretrained }: Training, create: string, isFolded: boolean): readonly string[] {
  const rows = `data = {split: (x, np.eye(${script.classes}, dtype="float32")[y]) for split, (x, y) in data.items()}`
  const data = printDataset(spec, script)
  const errors = ['OSError', 'EOFError', 'LookupError', 'RuntimeError', 'ValueError']
  const caught = pretrained?.format === 'safetensors' ? [...errors, 'SafetensorError'] : errors
  const isWeighted = script.classWeights !== undefined
  return [
    'try:',
    `    model = ${create}.to(args.device)`,
    `    data = ${data}`,
    '    if args.weights:',
    ...(isFolded
      ? [
          '        state = torch.load(args.weights, args.device)  # in the order of the layers; names may differ',
          '        model.load_state_dict(dict(zip(model.state_dict(), state.values(), strict=True)))',
        ]
      : ['        model.load_state_dict(torch.load(args.weights, args.device))']),
    ...(pretrained === undefined ? [] : ['    else:', '        load_pretrained(model)']),
    '    args.out.mkdir(parents=True) if RANK == 0 else None',
    `except (${caught.join(', ')}) as error:`,
    '    parser.exit(2, f"error: {error}. Check --data, --weights, --device and --out.\\n")',
    ...(isWeighted ? [`class_weights = torch.tensor(${printClassWeights(script)}, device=args.device)`] : []),
    ...(script.mixes && script.classes > 1 ? [rows] : []),
    ...(normalizesBatches(spec, script) ? [`statistics = ${statisticsOf(script)}`] : []),
  ]
}

function printClassWeights({ classWeights, classes }: ScriptExperiment): string {
  if (classWeights!.kind === 'call') return `balanced_weights(data["train"][1], ${classes})`
  return `${printLiteral(dataOf(classWeights!))}, dtype=torch.float`
}

/** Prints `rates`, an iterator over the learning rates of all steps; nothing if they are the same. */
function printRates({ spec }: Training, factors: readonly string[]): readonly string[] {
  if (!isScheduled(spec) && factors.length === 0) return []
  const batches = spec.training.gradientAccumulation ?? 1
  const decay = decayOf(spec.optimizer!)
  const size = batches === 1 ? 'args.batch_size' : `(args.batch_size * ${batches})`
  const scheduled =
    spec.schedule === undefined ? 'args.learning_rate' : 'learning_rate(args.learning_rate, step, steps, args.epochs)'
  const rate = `${[scheduled, ...factors].join(' * ')}${decay > 0 ? ` / (1 + ${decay} * step)` : ''}`
  return [
    ...(spec.schedule === undefined ? [] : [`steps = math.ceil(len(data["train"][1]) / ${size})`]),
    `rates = (${rate} for step in itertools.count())`,
  ]
}
