/**
 * `npm run sweep-soak`: trains a sweep of 24 MNIST trials, four of them infeasible, with two processes. The same sweep is then
 * killed twice with `kill -9`, the second time with its children, and resumed. Both must give the same table and weights.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'

const bin = fileURLToPath(new URL('../../dist/bin.cjs', import.meta.url))
const cwd = mkdtempSync(join(tmpdir(), 'shapewright-sweep-soak-'))

/** A kernel of 5 fits the 7x7 image once: 7 → 3. The second one does not, so width 5 with depth 2 is infeasible. */
const spec = `name: mnist-sweep
dataset: mnist
vars: { width: 3, depth: 1 }
layers:
  - maxPooling2d: { poolSize: 4 }
  - repeat: { times: $depth, layers: [{ conv2d: { filters: 8, kernelSize: $width, activation: relu } }] }
  - flatten
  - dense: { units: 10, activation: softmax }
optimizer: { sgd: { learningRate: 0.1 } }
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 2, batchSize: 64, seed: 7, validationSplit: 0.1 }
sweep:
  grid: { vars.width: [2, 3, 5], vars.depth: [1, 2], optimizer.sgd.learningRate: [0.3, 0.1, 0.03, 0.01] }
`
writeFileSync(join(cwd, 'sweep.yaml'), spec)

interface Row {
  readonly trial: number
  readonly label: string
  readonly state: string
  readonly score?: number
  readonly epoch?: number
  readonly trained: number
  readonly params: number | null
  readonly folder: string
}

const argumentsOf = (name: string, ...more: readonly string[]) => [
  bin,
  'sweep',
  'sweep.yaml',
  '--name',
  name,
  '--parallel',
  '2',
  '--backend',
  'wasm',
  ...more,
]

/** Runs a sweep to its end, and returns its table with the digests of the weights. */
function finish(name: string, ...more: readonly string[]) {
  const begun = performance.now()
  const { status, stdout } = spawnSync(process.execPath, argumentsOf(name, '--format', 'json', ...more), {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1e8,
  })
  console.log(`${name}: exit ${status} after ${((performance.now() - begun) / 1000).toFixed(0)} s`)
  const { trials } = JSON.parse(stdout) as { readonly trials: readonly Row[] }
  const table = trials.map(({ folder, trial, label, state, score, epoch, trained, params }) => {
    const log = join(cwd, folder, 'log.txt')
    const digest = existsSync(log)
      ? [...readFileSync(log, 'utf8').matchAll(/weights sha256: (\w+)/g)].at(-1)?.[1]
      : undefined
    return { trial, label, state, score, epoch, trained, params, digest }
  })
  return { status, table }
}

/** Starts a sweep, and kills it once its ledger has so many lines more. */
async function killAfter(lines: number, withChildren: boolean, ...more: readonly string[]): Promise<void> {
  const ledger = join(cwd, 'runs', 'killed', 'ledger.jsonl')
  const read = () => (existsSync(ledger) ? readFileSync(ledger, 'utf8').split('\n').slice(0, -1) : [])
  const before = read().length
  const child = spawn(process.execPath, argumentsOf('killed', '--quiet', ...more), { cwd, stdio: 'ignore' })
  const ended = new Promise((done) => child.once('close', done))
  while (read().length < before + lines && child.exitCode === null) await new Promise((done) => setTimeout(done, 50))
  child.kill('SIGKILL')
  if (withChildren) for (const pid of runningTrials(read())) process.kill(pid, 'SIGKILL')
  await ended
  console.log(`killed${withChildren ? ' with its children' : ''} after ${read().length} lines of the ledger`)
}

/** The process numbers of the trials that have started and not ended. */
function runningTrials(lines: readonly string[]): number[] {
  const events = lines.map((line) => JSON.parse(line) as { event: string; trial?: number; pid?: number })
  const running = new Map<number, number>()
  for (const { event, trial, pid } of events) {
    if (trial === undefined) continue
    if (event === 'started' && pid !== undefined) running.set(trial, pid)
    if (event === 'ended') running.delete(trial)
  }
  return [...running.values()].filter((pid) => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  })
}

console.log(`in ${cwd}`)
const whole = finish('undisturbed')
await killAfter(9, false)
await killAfter(12, true, '--resume')
const resumed = finish('killed', '--resume')
const count = (state: string) => whole.table.filter((row) => row.state === state).length
console.log(`${whole.table.length} trials: ${count('done')} done, ${count('infeasible')} infeasible`)
const isEqual = isDeepStrictEqual(whole.table, resumed.table)
const isRight =
  isEqual && count('done') === 20 && count('infeasible') === 4 && whole.status === 0 && resumed.status === 0
console.log(
  isEqual
    ? 'the tables and the weights are equal'
    : `they differ:\n${JSON.stringify([whole.table, resumed.table], null, 1)}`,
)
process.exitCode = isRight ? 0 : 1
