/**
 * Measures how fast the compiled MNIST script trains: on WebAssembly against `train` in one thread, and on tfjs-node
 * against its own `model.fit`, with the same network, noise and batch size.
 *
 * Each measurement is its own process, all in turn, so that a change of the machine's speed affects all of them.
 */
import { loadavg } from 'node:os'
import { readOptions } from '../scripts/options.ts'
import { median, ratio } from './processes.ts'
import { measure } from './train/measurement.ts'

const spec = 'configs/mnist-cnn.yaml'

/** The commands that print a measurement as their last line. */
const commandsOf = (batch: string): Readonly<Record<string, readonly string[]>> => ({
  'script, wasm': ['trainScript.ts', 'wasm', batch],
  'train, wasm': ['trainOurs.ts', 'wasm', '1', spec, batch],
  'script, tfjs-node': ['trainScript.ts', 'node', batch],
  'model.fit, tfjs-node': ['trainFit.ts', 'node', spec, batch],
})

const pairs = [
  ['script, wasm', 'train, wasm'],
  ['script, tfjs-node', 'model.fit, tfjs-node'],
] as const

export function benchScripts(): void {
  const { values } = readOptions({
    command: 'bench -- scripts',
    args: process.argv.slice(3),
    about: 'Measures how fast the compiled MNIST script trains, against `train` on wasm and `model.fit` on tfjs-node.',
    options: {
      rounds: { kind: 'number', value: 'N', default: 3, help: 'how often all are measured in turn' },
      batch: { kind: 'number', value: 'N', default: 32, help: 'the batch size' },
    },
  })
  const commands = Object.entries(commandsOf(String(values.batch)))
  const rates = new Map<string, number[]>(commands.map(([name]) => [name, []]))
  for (let round = 0; round < values.rounds; round += 1)
    for (const [name, args] of commands) rates.get(name)!.push(rateOf(name, args))
  for (const [name, found] of rates) console.log(`${name.padEnd(22)} ${describe(found, 0)} images/s`)
  for (const [script, other] of pairs) {
    const [own, theirs] = [rates.get(script)!, rates.get(other)!]
    const each = own.map((rate, round) => rate / theirs[round]!)
    console.log(`${script} / ${other}: ${ratio(own, theirs).toFixed(2)}x (${describe(each, 2)})`)
  }
  console.log(
    `load: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(', ')}`,
  )
}

function rateOf(name: string, [file, ...args]: readonly string[]): number {
  const path = new URL(file!, import.meta.url).pathname
  const measurement = measure([process.execPath, '--import', 'tsx', path, ...args])
  if (measurement === undefined) throw new Error(`${name} does not run here`)
  return measurement.imagesPerSecond
}

/** Prints the median, then the minimum and the maximum. */
function describe(values: readonly number[], digits: number): string {
  const text = (value: number) => value.toFixed(digits)
  return `${text(median(values))}, ${text(Math.min(...values))} to ${text(Math.max(...values))}`
}
