/**
 * Measures how fast networks train: Shapewright on WebAssembly in one and two threads and on tfjs-node, against
 * `model.fit` of tfjs-node, stock TensorFlow.js on its cpu backend, Keras and PyTorch, if installed (bench/README.md).
 *
 *     npm run bench -- train [--nets mlp,lstm] [--rounds 5] [--python python3] [--write]
 *
 * Each measurement is its own process, all contestants in turn, so that a change of the machine's speed affects all.
 * `--write` writes the table to docs/measurements/training-speed.md.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { median } from './processes.ts'

interface Net {
  readonly name: string
  readonly spec: string
  readonly batchSize: number
}

const nets: readonly Net[] = [
  { name: 'mnist-cnn', spec: 'configs/mnist-cnn.yaml', batchSize: 32 },
  { name: 'mnist-cnn-128', spec: 'configs/mnist-cnn.yaml', batchSize: 128 },
  { name: 'cifar10-cnn', spec: 'configs/cifar10-cnn.yaml', batchSize: 32 },
  { name: 'mlp', spec: 'bench/nets/mlp.yaml', batchSize: 32 },
  { name: 'resnet', spec: 'bench/nets/resnet.yaml', batchSize: 32 },
  { name: 'mobilenet', spec: 'bench/nets/mobilenet.yaml', batchSize: 32 },
  { name: 'lstm', spec: 'bench/nets/lstm.yaml', batchSize: 32 },
]

interface Contestant {
  readonly name: string
  /** The command that prints the rate, in images per second, as its last line. */
  command(net: Net, python: string): readonly string[]
  /** The only net to train; all by default. */
  readonly only?: string
}

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const typescript = (name: string, args: readonly string[]) => [
  process.execPath,
  '--import',
  'tsx',
  script(name),
  ...args,
]

const fitOfNode = 'tfjs-node, model.fit'

const contestants: readonly Contestant[] = [
  ...[1, 2].map((threads) => ({
    name: `wasm, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    command: ({ spec, batchSize }: Net) => typescript('trainOurs.ts', ['wasm', `${threads}`, spec, `${batchSize}`]),
  })),
  {
    name: 'native',
    command: ({ spec, batchSize }) => typescript('trainOurs.ts', ['node', '1', spec, `${batchSize}`]),
  },
  { name: fitOfNode, command: ({ spec, batchSize }) => typescript('trainFit.ts', ['node', spec, `${batchSize}`]) },
  // Its convolutions take seconds for two images, even in this net.
  { name: 'stock tfjs, cpu', only: 'mnist-cnn', command: ({ spec }) => typescript('trainFit.ts', ['cpu', spec, '2']) },
  {
    name: 'Keras on TensorFlow',
    command: ({ name, batchSize }, python) => [
      python,
      script('trainKeras.py'),
      name.replace(/-128$/, ''),
      `${batchSize}`,
    ],
  },
  {
    name: 'PyTorch',
    command: ({ name, batchSize }, python) => [
      python,
      script('trainTorch.py'),
      name.replace(/-128$/, ''),
      `${batchSize}`,
    ],
  },
]

export function benchTrain(): void {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      nets: { type: 'string', default: nets.map(({ name }) => name).join(',') },
      rounds: { type: 'string', default: '5' },
      python: { type: 'string', default: 'python3' },
      write: { type: 'boolean', default: false },
    },
  })
  const chosen = nets.filter(({ name }) => values.nets.split(',').includes(name))
  const tables = chosen.map((net) => {
    const table = tabulate(measureInTurn(net, Number(values.rounds), values.python))
    const text = `### ${net.name}, batch ${net.batchSize}\n\n${table}\n`
    console.log(text)
    return text
  })
  if (values.write)
    writeFileSync('docs/measurements/training-speed.md', describeMachine(Number(values.rounds)) + tables.join('\n'))
}

/** Returns the images per second of each round, by contestant, without those that do not run here. */
function measureInTurn(net: Net, rounds: number, python: string): Map<string, number[]> {
  const taking = contestants.filter(({ only = net.name }) => only === net.name)
  const rates = new Map<string, number[]>(taking.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, command } of taking) {
      if (round > 0 && rates.get(name)!.length === 0) continue
      const [program = '', ...args] = command(net, python)
      const { stdout } = spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      const rate = Number(stdout?.trim().split('\n').at(-1))
      if (rate > 0) rates.get(name)!.push(rate)
    }
  }
  return rates
}

function tabulate(rates: ReadonlyMap<string, readonly number[]>): string {
  const fit = rates.get(fitOfNode) ?? []
  const rows = [...rates].map(([name, values]) => {
    if (values.length === 0) return `| ${name} | does not run here | | |`
    const [least, rate, most] = [Math.min(...values), median(values), Math.max(...values)].map(formatRate)
    const ratio = fit.length > 0 ? `${(median(values) / median(fit)).toFixed(2)}x` : ''
    return `| ${name} | ${rate} | ${least} to ${most} | ${ratio} |`
  })
  return ['| | images/s | least to most | of `model.fit` |', '|---|---|---|---|', ...rows].join('\n')
}

const formatRate = (rate: number) => (rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString('en-US'))

function describeMachine(rounds: number): string {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  return `# Training speed

\`npm run bench -- train --write\` writes this page: images a second in training, the median of ${rounds} runs. Each run is a process of its own, and the
contestants take turns. [bench/README.md](../../bench/README.md) describes them, and how to install Keras and PyTorch.

Shapewright ${version}, Node ${process.version}, ${process.platform} ${process.arch}, ${availableParallelism()} cores of ${cpus()[0]?.model.trim() ?? 'an unknown processor'}.

`
}
