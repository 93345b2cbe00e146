/** Prints `main` of a script for Keras. */
import { printArguments } from '../python/printArguments.ts'
import type { Pretrained } from '../python/pretrained.ts'
import { printDataset, statisticsOf } from '../python/printData.ts'
import { givenInputs, type KerasTraining } from './kerasTraining.ts'
import { printLoading } from './printPretrained.ts'

const distribute = 'parser.add_argument("--distribute", action="store_true", help="share each batch among all devices")'

const weights = 'an .npz file of initial weights'

export interface WeightsLoading {
  /** Whether `--weights` has the weights in the order of the layers: those of a chain, and of functions for blocks. */
  readonly isOrdered: boolean
  readonly pretrained: Pretrained | undefined
}

export function printMain(training: KerasTraining, { isOrdered, pretrained }: WeightsLoading): string {
  const { spec, script, program, normalizesBatches } = training
  const { schedule, learningRate } = program.experiment!
  const { epochs, batchSize, seed, gradientAccumulation: accumulated = 1 } = spec.training
  const batches = 'math.ceil(len(data["train"][1]) / args.batch_size)'
  const statistics = normalizesBatches ? ', statistics' : ''
  const lines = [
    ...printArguments({ name: program.name, epochs, batchSize, learningRate, seed, weights, others: [distribute] }),
    'if args.distribute:',
    '    keras.distribution.set_distribution(keras.distribution.DataParallel())',
    'keras.utils.set_random_seed(args.seed)',
    'model = build_model()',
    'try:',
    `    data = ${printDataset(spec, script)}`,
    '    if args.weights:',
    isOrdered
      ? '        model.set_weights(list(np.load(args.weights).values()))'
      : '        load_weights(model, args.weights)',
    '    args.out.mkdir(parents=True)',
    'except (OSError, EOFError, LookupError, ValueError) as error:',
    '    print(f"error: {error}. Check --data, --weights and --out.", file=sys.stderr)',
    '    return 2',
    ...(pretrained === undefined ? [] : printLoading(pretrained)),
    ...(normalizesBatches ? [`statistics = ${statisticsOf(script)}`] : []),
    ...(schedule === undefined
      ? []
      : [
          `steps = ${accumulated === 1 ? batches : `math.ceil(${batches} / ${accumulated})`}`,
          'rates = [learning_rate(args.learning_rate, step, steps, args.epochs) for step in range(steps * args.epochs)]',
        ]),
    `network = compile_network(model, ${schedule === undefined ? 'args.learning_rate' : 'RateOfStep(rates)'})`,
    `status = train(network, data, args, args.out${statistics})`,
    'model.save(args.out / "model.keras")',
    'print(f"saved in {args.out}")',
    'if status == 0 and "test" in data:',
    ...evaluation(training).map((line) => `    ${line}`),
    'return status',
  ]
  return ['def main() -> int:', ...lines.map((line) => `    ${line}`)].join('\n')
}

function evaluation(training: KerasTraining): string[] {
  const { isPrepared, hasTargets, normalizesBatches, program } = training
  if (isPrepared) {
    const options = normalizesBatches ? ', statistics=statistics' : ''
    return [
      `batches = Batches(data["test"], args.batch_size, prepare${options})`,
      'print("test", network.evaluate(batches, verbose=0, return_dict=True))',
    ]
  }
  const settings = 'batch_size=args.batch_size, verbose=0, return_dict=True'
  if (!hasTargets && program.inputs.length === 1) return [`print("test", network.evaluate(*data["test"], ${settings}))`]
  const targets = hasTargets ? 'targets_of(labels)' : 'labels'
  return [
    'inputs, labels = data["test"]',
    `print("test", network.evaluate(${givenInputs(training, 'inputs')}, ${targets}, ${settings}))`,
  ]
}
