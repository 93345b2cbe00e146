/** Prints how a PyTorch script prepares batches, evaluates, and runs: `to_tensors`, `evaluate` and `main`. */
import { printArguments } from '../python/printArguments.ts'
import { normalizesBatches, statisticsOf } from '../python/printData.ts'
import { outputType, statisticsArgument, type Training } from './training.ts'

/** Prints `to_tensors`, the one place where the channels of inputs are moved. */
export function printTensors({ network, script, spec }: Training): string {
  const { facts } = spec
  const isMoved = network.inputs[0]!.layout === 'moved'
  const isClass = script.mixes ? '' : facts?.hasValues === true ? '' : '.long()'
  const read = script.isStreamed ? 'read_inputs(inputs)' : 'inputs'
  const isNormalized = normalizesBatches(spec, script)
  const values = isNormalized ? `(${read} - statistics[0]) / statistics[1]` : read
  return [
    `def to_tensors(inputs: np.ndarray, labels: np.ndarray, device: torch.device${isNormalized ? ', statistics: Samples' : ''}) -> tuple[torch.Tensor, torch.Tensor]:`,
    `    """Copies a batch to the device${isMoved ? ', with the channels where PyTorch has them' : ''}."""`,
    `    x = torch.from_numpy(np.ascontiguousarray(${values}${isNormalized ? ', dtype="float32"' : ''}))${isMoved ? '.movedim(-1, 1)' : ''}`,
    `    return x.to(device), torch.from_numpy(np.ascontiguousarray(labels))${isClass}.to(device)`,
  ].join('\n')
}

export function printEvaluate({ spec, script }: Training, several: boolean): string {
  const { parameter, argument } = statisticsArgument(spec, script)
  const passed = script.classWeights === undefined ? '' : `, torch.ones(${script.classes}, device=device)`
  return [
    '@torch.no_grad()',
    `def evaluate(model: nn.Module, samples: Samples, batch_size: int, device: torch.device${parameter}) -> Counter[str]:`,
    '    """The sums of loss and metrics over the samples of this process."""',
    '    model.eval()',
    '    sums: Counter[str] = Counter()',
    '    rows = np.arange(RANK, len(samples[1]), WORLD)',
    '    for start in range(0, len(rows), batch_size):',
    '        own = rows[start : start + batch_size]',
    `        inputs, labels = to_tensors(samples[0][own], samples[1][own], device${argument})`,
    `        outputs: ${outputType(several)} = model(inputs)`,
    `        sums.update(measure(loss_of(outputs, labels${passed}), outputs, labels))`,
    '    return sums',
  ].join('\n')
}

export function printMain({ name, spec, script, printed }: Training): string {
  const { epochs, batchSize, seed } = spec.training
  const { argument } = statisticsArgument(spec, script)
  const learningRate = spec.optimizer!.options['learningRate'] as number
  const rows = `data = {split: (x, np.eye(${script.classes}, dtype="float32")[y]) for split, (x, y) in data.items()}`
  const lines = [
    ...printArguments({ name, epochs, batchSize, learningRate, seed }),
    'torch.manual_seed(args.seed)',
    'try:',
    '    data = load_data(args.data)',
    'except (OSError, EOFError, IndexError, ValueError) as error:',
    '    print(f"error: the dataset cannot be read: {error}. Pass its place with --data.", file=sys.stderr)',
    '    return 2',
    ...(script.mixes && script.classes > 1 ? [rows] : []),
    ...(argument === '' ? [] : [`statistics = ${statisticsOf(script)}`]),
    'device = start_process()',
    `model = ${printed.model.create}`,
    ...(printed.isInitialized ? ['initialize(model)'] : []),
    ...(printed.hasWeights ? ['if args.weights:', '    load_weights(model, args.weights)'] : []),
    'model.to(device)',
    'if RANK == 0:',
    '    args.out.mkdir(parents=True)',
    'try:',
    `    is_interrupted = train(model, data, args, device, args.out${argument})`,
    'except FloatingPointError as error:',
    '    print(f"error: {error}", file=sys.stderr)',
    '    return 3',
    'if RANK == 0:',
    '    torch.save(model.state_dict(), args.out / "model.pt")',
    '    print(f"saved in {args.out}")',
    'if "test" in data and not is_interrupted:',
    `    print_logs("test", summarize(evaluate(model, data["test"], args.batch_size, device${argument})))`,
    'return 130 if is_interrupted else 0',
  ]
  return ['def main() -> int:', ...lines.map((line) => `    ${line}`)].join('\n')
}
