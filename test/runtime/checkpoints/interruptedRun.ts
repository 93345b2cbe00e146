import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Callback } from '../../../src/runtime/training/callback.ts'
import { type Experiment } from '../../../src/runtime/training/experiment.ts'
import { openRun } from '../../../src/runtime/runs/resumedRun.ts'
import { weightsDigest } from '../../../src/runtime/runs/saveModel.ts'
import { type RunOptions, trainExperiment } from '../../../src/runtime/training/trainingLoop.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

/** What comes of a run. */
export interface Outcome extends Essence {
  readonly notes: readonly string[]
}

/** All that must be equal of two runs; times are not. */
export interface Essence {
  readonly digest: string
  readonly history: readonly object[]
  readonly metrics: readonly object[]
  readonly stopped: string | undefined
}

export const essenceOf = ({ digest, history, metrics, stopped }: Outcome): Essence => ({
  digest,
  history,
  metrics,
  stopped,
})

/** A folder in which one run after the other is made, interrupted and gone on with. */
export class RunInFolder {
  readonly folder = temporaryFolder()

  constructor() {
    this.clear()
  }

  async train(experiment: Experiment, options: RunOptions = {}): Promise<Outcome> {
    const notes: string[] = []
    const { model, history, stopped } = await trainExperiment(
      experiment,
      { folder: this.folder, ...options },
      { onNote: (text) => notes.push(text) },
    )
    const digest = weightsDigest(model)
    model.dispose()
    return { digest, history: history.map(withoutTimes), metrics: this.readMetrics(), stopped, notes }
  }

  /** Trains until so many steps are done, over all epochs, as if Ctrl-C came then. */
  async interruptAfter(experiment: Experiment, steps: number, options: RunOptions = {}): Promise<void> {
    const interruption = new AbortController()
    const interrupting: Callback = {
      name: 'interrupting',
      onStepEnd: (run) => (run.stepsDone === steps ? interruption.abort() : undefined),
    }
    const createCallbacks = () => [...(experiment.createCallbacks?.() ?? []), interrupting]
    await this.train({ ...experiment, createCallbacks }, { ...options, signal: interruption.signal })
  }

  async resume(experiment: Experiment, options: RunOptions = {}): Promise<Outcome> {
    const { checkpoint, notes } = await openRun(this.folder)
    const outcome = await this.train(experiment, { ...options, ...(checkpoint && { checkpoint }) })
    return { ...outcome, notes: [...notes, ...outcome.notes] }
  }

  /** The names of its checkpoints. */
  get checkpoints(): string[] {
    return readdirSync(join(this.folder, 'checkpoints')).toSorted()
  }

  checkpointPath(name: string): string {
    return join(this.folder, 'checkpoints', `${name}.safetensors`)
  }

  readMetrics(): object[] {
    if (!readdirSync(this.folder).includes('metrics.jsonl')) return []
    const lines = readFileSync(join(this.folder, 'metrics.jsonl'), 'utf8').trimEnd().split('\n')
    return lines.map((line) => withoutTimes(JSON.parse(line) as object))
  }

  /** Leaves what a run has before its first step. */
  clear(): void {
    for (const name of readdirSync(this.folder)) rmSync(join(this.folder, name), { recursive: true })
    writeFileSync(join(this.folder, 'environment.json'), '{}')
  }
}

function withoutTimes(logs: object): object {
  return { ...logs, seconds: 0, imagesPerSecond: 0 }
}
