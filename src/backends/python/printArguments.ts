/** Prints the arguments of the command line of a Python script. */
import { printFloat, quotePython } from './printLiteral.ts'

export interface ScriptArguments {
  /** The name of the network. */
  readonly name: string
  readonly epochs: number
  readonly batchSize: number
  readonly learningRate: number
  readonly seed: number
  /** What the file of `--weights` is. */
  readonly weights: string
  /** Lines for other arguments: `parser.add_argument(…)`. */
  readonly others?: readonly string[]
}

/** Prints lines that set `args`. */
export function printArguments({
  name,
  epochs,
  batchSize,
  learningRate,
  seed,
  weights,
  others = [],
}: ScriptArguments): string[] {
  const folder = `runs/${name.replaceAll(/[^\w.-]+/g, '_')}`
  return [
    'parser = argparse.ArgumentParser(formatter_class=argparse.ArgumentDefaultsHelpFormatter)',
    `for name, value in {"epochs": ${epochs}, "batch-size": ${batchSize}, "learning-rate": ${printFloat(learningRate)}, "seed": ${seed}}.items():`,
    '    parser.add_argument(f"--{name}", type=type(value), default=value)',
    'parser.add_argument("--data", type=Path, help="the path of the dataset")',
    `parser.add_argument("--out", type=Path, default=Path(time.strftime(${quotePython(`${folder}-%Y%m%d-%H%M%S`)})))`,
    `parser.add_argument("--weights", type=Path, help=${quotePython(weights)})`,
    ...others,
    'args = parser.parse_args()',
    'if not (args.epochs >= 1 and args.batch_size >= 1 and args.learning_rate >= 0 and 0 <= args.seed < 2**32):',
    '    parser.error("--epochs and --batch-size must be at least 1, --learning-rate at least 0, --seed 0 to 4294967295")',
  ]
}
