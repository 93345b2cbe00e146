/** A folder with a spec, a dataset, a trained run and inputs for it, which attacks copy and damage. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { RandomSource } from '../fuzz/randomSource.ts'
import { describeResult } from './judge.ts'
import { runCommand, type CommandResult } from './runCommand.ts'

export const spec = `name: blobs
dataset: { imageFolder: { path: pictures, size: [8, 8], channels: 1, testSplit: 0.2 } }
layers:
  - conv2d: { filters: 4, kernelSize: 3, activation: relu }
  - batchNormalization
  - flatten
  - dense: { units: 2, activation: softmax }
optimizer: adam
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 2, batchSize: 8, seed: 3, validationSplit: 0.2, callbacks: [{ checkpoint: { keep: best } }] }
`

/** Commands that read a saved run, by name. Their output is deterministic. */
export const readers: Readonly<Record<string, (run: string) => readonly string[]>> = {
  evaluate: (run) => ['evaluate', run, '--backend', 'wasm', '--format', 'json'],
  'evaluate best': (run) => ['evaluate', run, '--backend', 'wasm', '--checkpoint', 'best', '--format', 'json'],
  predict: (run) => ['predict', run, 'pictures/dark/0.png', '--backend', 'wasm', '--format', 'json'],
  export: (run) => ['export', run, '--format', 'keras', '-o', `${run}-exported`],
  report: (run) => ['report', run, '--backend', 'wasm', '-o', `${run}-report.html`],
  runs: (run) => ['runs', join(run, '..'), '--format', 'json'],
  diff: (run) => ['diff', run, 'blobs.yaml', '--format', 'json'],
  resume: (run) => ['train', '--resume', run, '--backend', 'wasm', '--epochs', '3'],
}

export class Sandbox {
  readonly folder = mkdtempSync(join(tmpdir(), 'shapewright-attack-'))
  #copies = 0

  /** Writes the dataset and the spec, and trains the run that attacks damage. */
  static async create(seed: number): Promise<Sandbox> {
    const sandbox = new Sandbox()
    drawPictures(join(sandbox.folder, 'pictures'), seed)
    writeFileSync(join(sandbox.folder, 'blobs.yaml'), spec)
    const trained = await sandbox.run(['train', 'blobs.yaml', '--backend', 'wasm', '--out', 'original'])
    if (trained.code !== 0) throw new Error(`the run to be attacked cannot be trained: ${describeResult(trained)}`)
    return sandbox
  }

  /** Returns another sandbox with the same dataset and the same run. */
  copy(): Sandbox {
    const sandbox = new Sandbox()
    cpSync(this.folder, sandbox.folder, { recursive: true, preserveTimestamps: true })
    return sandbox
  }

  /** The trained run; attacks damage only copies of it. */
  get original(): string {
    return join('original', 'blobs')
  }

  /** Copies the trained run into an otherwise empty folder, and returns its path relative to the sandbox. */
  copyRun(): string {
    const copy = join('copies', String(this.#copies++), 'blobs')
    mkdirSync(this.path(copy, '..'), { recursive: true })
    cpSync(this.path(this.original), this.path(copy), { recursive: true, preserveTimestamps: true })
    return copy
  }

  discard(run: string): void {
    rmSync(this.path(run, '..'), { recursive: true, force: true })
  }

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts)
  }

  read(...parts: readonly string[]): Buffer {
    return readFileSync(this.path(...parts))
  }

  run(args: readonly string[], options: Omit<Parameters<typeof runCommand>[1], 'cwd'> = {}): Promise<CommandResult> {
    return runCommand(args, { cwd: this.folder, ...options })
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Draws two classes of 8x8 images that differ in brightness. */
function drawPictures(folder: string, seed: number): void {
  const random = new RandomSource(seed)
  for (const [name, least] of Object.entries({ dark: 0, light: 120 })) {
    mkdirSync(join(folder, name), { recursive: true })
    for (let index = 0; index < 24; index++) {
      const data = Uint8Array.from({ length: 64 }, () => random.integer(least, least + 130))
      writeFileSync(join(folder, name, `${index}.png`), encode({ width: 8, height: 8, channels: 1, depth: 8, data }))
    }
  }
}
