/** Kills random short runs, resumes them, and compares the results with those of uninterrupted runs. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { RandomSource, seedOfCase } from '../fuzz/randomSource.ts'
import type { VictimCase } from './victim.ts'

/** The ways in which a run is ended. */
const hazards = ['kill', 'killInWrite', 'fullDisk'] as const

export interface SoakResult {
  readonly runs: number
  /** How often each hazard ended a run. */
  readonly struck: Readonly<Record<(typeof hazards)[number], number>>
  /** The number of runs whose weights and logs equal those of the uninterrupted run. */
  readonly equal: number
  /** A text for each problem. */
  readonly findings: readonly string[]
}

/** Ends and resumes runs, each at most eight times, until `kills` of them were ended; uses all cores. */
export async function soakRuns(kills: number, seed: number, onRun = (_text: string) => {}): Promise<SoakResult> {
  const victim = await bundleVictim()
  const root = mkdtempSync(join(tmpdir(), 'shapewright-soak-'))
  const struck = { kill: 0, killInWrite: 0, fullDisk: 0 }
  const findings: string[] = []
  let [runs, equal, next] = [0, 0, 0]
  const total = () => struck.kill + struck.killInWrite + struck.fullDisk
  const work = async (): Promise<void> => {
    while (total() < kills) {
      const index = next
      next += 1
      const one = new SoakCase(victim, root, seedOfCase(seed, index), () => total() < kills)
      const problem = await one.run(struck)
      runs += 1
      if (problem === undefined) equal += 1
      else findings.push(`case ${index} of seed ${seed}: ${problem}`)
      onRun(`${total()} of ${kills}, ${equal} of ${runs} runs equal${problem === undefined ? '' : `; ${problem}`}`)
    }
  }
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work))
  rmSync(root, { recursive: true, force: true })
  return { runs, struck, equal, findings }
}

/** A run that is trained without interruption in one folder, and ended repeatedly in another. */
class SoakCase {
  readonly #victim: string
  readonly #root: string
  readonly #seed: number
  readonly #random: RandomSource
  readonly #goesOn: () => boolean

  constructor(victim: string, root: string, seed: number, goesOn: () => boolean) {
    this.#victim = victim
    this.#root = root
    this.#seed = seed
    this.#random = new RandomSource(seed)
    this.#goesOn = goesOn
  }

  /** Returns the problem, or undefined. */
  async run(struck: Record<(typeof hazards)[number], number>): Promise<string | undefined> {
    const [alone, ended] = [join(this.#root, `${this.#seed}-alone`), join(this.#root, `${this.#seed}-ended`)]
    const whole = await this.#start(['--out', alone])
    if (whole.code !== 0) return `the run that was left alone failed: ${whole.stderr}`
    const bytes = Number(/bytes: (\d+)/.exec(whole.stdout)![1])
    for (let time = 0; time < 8 && this.#goesOn(); time++) {
      const hazard = this.#random.pick(hazards)
      const before = newestCheckpoint(ended)
      const result = await this.#start(argumentsFor(ended), hazard, bytes, whole.milliseconds)
      const problem = judgeEnding(result, ended, before)
      if (problem !== undefined) return `${hazard}: ${problem}`
      if (result.code === 0) break
      struck[hazard] += 1
    }
    const before = newestCheckpoint(ended)
    const last = await this.#start(argumentsFor(ended))
    if (last.code !== 0) return `resuming failed with ${last.code}: ${last.stderr}`
    const problem = judgeEnding(last, ended, before) ?? compareRuns(alone, ended)
    for (const folder of [alone, ended]) rmSync(folder, { recursive: true, force: true })
    return problem
  }

  #start(args: readonly string[], hazard?: (typeof hazards)[number], bytes = 0, milliseconds = 0): Promise<Ended> {
    const ending = hazard === 'killInWrite' ? 'kill' : 'full'
    const limit =
      hazard === undefined || hazard === 'kill'
        ? undefined
        : { bytes: this.#random.integer(0, Math.ceil(bytes / 2)), ending }
    const victimCase = { seed: this.#seed, ...(limit && { limit }) } as VictimCase
    const child = spawn(process.execPath, [this.#victim, JSON.stringify(victimCase), ...args])
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk) => (stdout += chunk))
    // Counted from when the run has its folder: before that, there is nothing to lose.
    const wait = (this.#random.next() * milliseconds) / 2
    let timer: NodeJS.Timeout | undefined
    let began: number | undefined
    child.stderr.on('data', (chunk) => {
      stderr += chunk
      if (!stderr.includes('Epoch')) return
      began ??= performance.now()
      if (hazard === 'kill') timer ??= setTimeout(() => child.kill('SIGKILL'), wait)
    })
    return new Promise((done) => {
      child.on('close', (code) => {
        clearTimeout(timer)
        done({ code, stdout, stderr, milliseconds: performance.now() - (began ?? performance.now()) })
      })
    })
  }
}

interface Ended {
  /** Null if it was killed. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** The time from the first epoch to the end. */
  readonly milliseconds: number
}

/** Returns the arguments that resume the run, or start it if its folder does not exist yet. */
function argumentsFor(folder: string): string[] {
  return [existsSync(folder) ? '--resume' : '--out', folder]
}

/** Returns what must not happen when a run is ended: damage, the loss of a saved step, or an unexpected error. */
function judgeEnding({ code, stderr }: Ended, folder: string, before: string | undefined): string | undefined {
  if (/is damaged/.test(stderr)) return `a checkpoint is damaged: ${stderr}`
  if (
    before !== undefined &&
    !/^error:/m.test(stderr) &&
    code !== null &&
    !stderr.includes(`Resuming from ${before},`)
  ) {
    return `it was not resumed from ${before}: ${stderr}`
  }
  const isTold = /error: .* cannot be (written|saved).*: the disk is full\.\nhelp: /.test(stderr)
  if (code !== null && code !== 0 && !isTold) return `it ended with ${code}: ${stderr}`
  const newest = newestCheckpoint(folder)
  if (before !== undefined && (newest === undefined || newest < before)) return `${before} is lost`
  return undefined
}

function newestCheckpoint(folder: string): string | undefined {
  const checkpoints = join(folder, 'checkpoints')
  const names = existsSync(checkpoints)
    ? readdirSync(checkpoints).filter((name) => /^step-\d+\.safetensors$/.test(name))
    : []
  const newest = names.toSorted().at(-1)
  return newest === undefined ? undefined : join(checkpoints, newest)
}

function compareRuns(alone: string, ended: string): string | undefined {
  const [one, other] = [essenceOf(alone), essenceOf(ended)]
  const differing = Object.keys(one).filter((name) => one[name] !== other[name])
  return differing.length === 0 ? undefined : `the runs differ in ${differing.join(', ')}`
}

/** Returns the weights, the logs without times, and the evaluation of a run. */
function essenceOf(folder: string): Record<string, string> {
  const read = (...path: string[]) => readFileSync(join(folder, ...path))
  const lines = read('metrics.jsonl').toString().trimEnd().split('\n')
  const metrics = lines.map((line) => {
    const { seconds: _time, imagesPerSecond: _speed, ...logs } = JSON.parse(line) as Record<string, number>
    return logs
  })
  return {
    weights: createHash('sha256').update(read('model', 'weights.bin')).digest('hex'),
    metrics: JSON.stringify(metrics),
    evaluation: read('evaluation.json').toString(),
    unfinished: readdirSync(folder, { recursive: true })
      .filter((name) => `${name}`.includes('.writing-'))
      .join(' '),
  }
}

/** Bundles the victim in one file, in a folder where it finds the packages and the kernels. */
async function bundleVictim(): Promise<string> {
  const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
  const outfile = at('../../node_modules/.cache/soak/victim.mjs')
  await build({
    entryPoints: [at('victim.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  })
  copyFileSync(
    at('../../src/runtime/kernels/trainingKernels.wasm'),
    at('../../node_modules/.cache/soak/trainingKernels.wasm'),
  )
  return outfile
}
