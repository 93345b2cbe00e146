/**
 * Measures a whole run of the built command line: the time from its start to the first step, against an empty Node
 * process, and its peak memory. Run `npm run build` first.
 *
 *     npm run bench -- run [--spec configs/mnist-cnn.yaml] [--epochs 5] [--rounds 3]
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { median, milliseconds, timeInTurn } from './processes.ts'

interface Run {
  /** The seconds from the start of the process to the start of the first epoch. */
  readonly startUp: number
  /** The peak of resident memory in MB. */
  readonly peakMemory: number
}

const contestants: Readonly<Record<string, readonly string[]>> = {
  'wasm, 1 thread': ['--backend', 'wasm', '--threads', '1'],
  'wasm, 2 threads': ['--backend', 'wasm', '--threads', '2'],
  native: ['--backend', 'node'],
}

export async function benchRun(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      spec: { type: 'string', default: 'configs/mnist-cnn.yaml' },
      epochs: { type: 'string', default: '5' },
      rounds: { type: 'string', default: '3' },
    },
  })
  const bare = median(timeInTurn([{ name: 'bare', args: ['-e', '0'] }], 11).get('bare')!)
  const runs = new Map<string, Run[]>(Object.keys(contestants).map((name) => [name, []]))
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const [name, args] of Object.entries(contestants)) {
      const run = await measureRun([values.spec, '--epochs', values.epochs, ...args])
      if (run) runs.get(name)!.push(run)
    }
  }
  for (const [name, found] of runs) {
    if (found.length === 0) console.log(`${name.padEnd(16)} does not run here`)
    else {
      const startUp = median(found.map((run) => run.startUp))
      const memory = Math.max(...found.map((run) => run.peakMemory))
      const times = `${milliseconds(startUp)} to the first step, ${(startUp / bare).toFixed(1)}x of bare node`
      console.log(`${name.padEnd(16)} ${times}; at most ${memory.toFixed(0)} MB in ${values.epochs} epochs`)
    }
  }
}

/** Returns undefined if the run fails. */
async function measureRun(args: readonly string[]): Promise<Run | undefined> {
  const out = mkdtempSync(join(tmpdir(), 'shapewright-bench-'))
  const began = performance.now()
  let [startUp, peakMemory] = [0, 0]
  const child = spawn(process.execPath, ['dist/bin.cjs', 'train', ...args, '--out', out], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (startUp === 0 && text.includes('Epoch 1/')) startUp = (performance.now() - began) / 1000
  })
  const watching = setInterval(() => {
    peakMemory = Math.max(peakMemory, readPeakMemory(child.pid!))
  }, 100)
  const code = await new Promise((resolve) => {
    child.on('close', resolve)
  })
  clearInterval(watching)
  rmSync(out, { recursive: true })
  return code === 0 ? { startUp, peakMemory } : undefined
}

/** Returns the peak of resident memory of a process so far, in MB, from Linux's /proc; 0 on other systems. */
function readPeakMemory(pid: number): number {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kilobytes ?? 0) / 1000
  } catch {
    return 0
  }
}
