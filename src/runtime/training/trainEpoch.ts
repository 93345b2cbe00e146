/** Trains one epoch, step by step, and reports its progress. */
import { KnownError } from '../../system/knownError.ts'
import { sequentialIndices, shuffledIndices } from '../../script/random.ts'
import { type Logs, stepsAhead } from './runningLogs.ts'
import { samplesPerStep, type Trainer } from './trainer.ts'
import { type EpochLogs } from './trainingListener.ts'
import { type TrainingRun } from './trainingRun.ts'

/** The logs of an epoch before its validation. */
type TrainedLogs = Logs & Pick<EpochLogs, 'loss' | 'seconds' | 'imagesPerSecond'>

/** Trains on the remaining samples of the epoch, or until the signal is aborted. */
export async function trainEpoch(
  run: TrainingRun,
  trainer: Trainer,
  breathe: () => Promise<void> | undefined,
): Promise<TrainedLogs> {
  const { training, train, signal } = run.parts
  const { steps } = run.plan
  const { batchSize, seed } = training
  const { epoch } = run
  const samples = samplesPerStep(run.parts)
  const order = training.shuffle ? shuffledIndices(train.count, seed, epoch) : sequentialIndices(train.count)
  let began = performance.now() - run.seconds * 1000
  let shown = performance.now()
  while (run.step < steps && !signal.aborted) {
    const start = run.step * samples
    const end = Math.min(start + samples, train.count)
    run.beginStep(order, start, end)
    run.lastRate = run.learningRate
    const step = (epoch - 1) * Math.ceil(train.count / batchSize) + run.step * (samples / batchSize)
    const plan = { order, start, end, batchSize, step, learningRate: run.lastRate }
    await trainer.step(plan, run.running)
    const behind = run.running.settle(stepsAhead)
    if (behind) await behind
    run.seconds = (performance.now() - began) / 1000
    await run.endStep()

    const now = performance.now()
    if (now - shown >= 200 && run.step < steps) {
      shown = now
      await run.running.settle()
      const held = showProgress(run, checkedLogs(run))
      if (held) {
        const heldSince = performance.now()
        await held
        began += performance.now() - heldSince
      }
    }
    await breathe()
  }
  await run.running.settle()
  const logs = checkedLogs(run)
  await showProgress(run, logs)
  return { ...logs, seconds: run.seconds, imagesPerSecond: samplesDone(run) / run.seconds }
}

function samplesDone({ step, parts }: TrainingRun): number {
  return Math.min(step * samplesPerStep(parts), parts.train.count)
}

function showProgress(run: TrainingRun, logs: Logs): void | Promise<void> {
  const { step, seconds, plan, parts } = run
  const left = (seconds / step) * (plan.steps - step)
  return parts.listener.onProgress?.(step, plan.steps, logs, samplesDone(run) / seconds, left)
}

/** @throws KnownError if the loss is NaN or infinite, after which no step can repair the weights. */
function checkedLogs({ running, epoch, rateLogs }: TrainingRun): Logs & { readonly loss: number } {
  const logs = running.read()
  const { loss = Number.NaN } = logs
  if (!Number.isFinite(loss)) {
    throw new KnownError(
      'training',
      `The loss became ${loss} in epoch ${epoch}.`,
      'Lower the learning rate, for example to a tenth. Check that the loss fits the last layer and that the inputs are finite.',
    )
  }
  return { ...logs, loss, ...rateLogs }
}
