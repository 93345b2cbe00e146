import * as tf from '@tensorflow/tfjs'
import { readdirSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Callback } from '../../../src/runtime/training/callback.ts'
import { earlyStopping } from '../../../src/parts/callbacks/earlyStopping.fast.ts'
import { keepCheckpoints } from '../../../src/parts/callbacks/checkpoint.run.ts'
import { startCpuEngine } from '../../../src/runtime/engines/cpuEngine.ts'
import { type Experiment } from '../../../src/runtime/training/experiment.ts'
import { adam } from '../../../src/parts/optimizers/adam.run.ts'
import { openRun } from '../../../src/runtime/runs/resumedRun.ts'
import { type RunOptions, trainExperiment } from '../../../src/runtime/training/trainingLoop.ts'
import { denseModel, tinyExperiment } from '../tinyExperiment.ts'
import { essenceOf, RunInFolder } from './interruptedRun.ts'

beforeAll(startCpuEngine)

let run: RunInFolder
beforeEach(() => {
  run = new RunInFolder()
})

/** Two epochs of seven steps, the last of them short, with validation, dropout and batch normalization. */
const experimentWith = (callbacks: () => Callback[] = () => []): Experiment =>
  tinyExperiment({
    training: { epochs: 2, batchSize: 6, seed: 42, shuffle: true, validationSplit: 0.2 },
    createOptimizer: (learningRate = 0.01) => adam({ learningRate }),
    createCallbacks: callbacks,
  })

describe('an interrupted run that is resumed has the same weights and logs as an uninterrupted one', () => {
  it.each([1, 3, 7, 8, 13, 14])('after step %i of 14', async (steps) => {
    const whole = await run.train(experimentWith())
    run.clear()
    await run.interruptAfter(experimentWith(), steps)
    expect(essenceOf(await run.resume(experimentWith()))).toEqual(essenceOf(whole))
  })

  it('after every step', async () => {
    const whole = await run.train(experimentWith())
    run.clear()
    await run.interruptAfter(experimentWith(), 1)
    for (let steps = 2; steps <= 14; steps++) {
      const { checkpoint } = await openRun(run.folder)
      await run.interruptAfter(experimentWith(), steps, { checkpoint: checkpoint! })
    }
    expect(essenceOf(await run.resume(experimentWith()))).toEqual(essenceOf(whole))
  })

  it('in the validation after an epoch', async () => {
    const whole = await run.train(experimentWith())
    run.clear()
    await run.interruptAfter(experimentWith(), 7)
    // The epoch is trained, and counts once it is validated.
    expect(run.readMetrics()).toHaveLength(0)
    expect(run.checkpoints).toEqual(['step-00000007.safetensors'])
    expect(essenceOf(await run.resume(experimentWith()))).toEqual(essenceOf(whole))
  })

  it('with what callbacks remember, weights included', async () => {
    const stopping = () => [earlyStopping({ monitor: 'val_loss', mode: 'min', patience: 2, restoreBestWeights: true })]
    const experiment = experimentWith(stopping)
    const options = { training: { epochs: 30, learningRate: 0.3 } }
    const whole = await run.train(experiment, options)
    expect(whole.stopped).toMatch(/^earlyStopping: val_loss has not improved for/)
    run.clear()
    const last = 7 * whole.history.length
    await run.interruptAfter(experiment, last - 9, options)
    expect(essenceOf(await run.resume(experiment, options))).toEqual(essenceOf(whole))
    // Gone on with once more, it is at its end already, and gives the same.
    expect(essenceOf(await run.resume(experiment, options))).toEqual(essenceOf(whole))
  })

  it('and further, where more epochs are asked for', async () => {
    const training = { epochs: 3 }
    const whole = await run.train(experimentWith(), { training })
    run.clear()
    await run.train(experimentWith())
    expect(essenceOf(await run.resume(experimentWith(), { training }))).toEqual(essenceOf(whole))
  })

  it('or says that nothing is left to train', async () => {
    const whole = await run.train(experimentWith())
    const again = await run.resume(experimentWith())
    expect(essenceOf(again)).toEqual(essenceOf(whole))
    expect(again.notes).toEqual([
      `Resuming from ${run.checkpointPath('step-00000014')}, after 2 epochs.`,
      'All 2 epochs are already trained. To continue, raise the number of epochs.',
    ])
  })
})

describe('checkpoints', () => {
  it('are written after each epoch, and the last two kept', async () => {
    await run.train(experimentWith(), { training: { epochs: 4 } })
    expect(run.checkpoints).toEqual(['step-00000021.safetensors', 'step-00000028.safetensors'])
  })

  it.each<[string, Parameters<typeof keepCheckpoints>[0], readonly number[]]>([
    ['all of them', { keep: 'all' }, [7, 14, 21, 28]],
    ['every second epoch, and at the end', { keep: 'all', every: 3 }, [21, 28]],
    ['every few steps', { keep: 'all', every: 5, unit: 'steps' }, [5, 10, 15, 20, 25, 28]],
    ['every so many steps, of which an epoch is one', { keep: 'all', every: 7, unit: 'steps' }, [7, 14, 21, 28]],
  ])('of %s', async (_what, options, steps) => {
    await run.train(
      experimentWith(() => [keepCheckpoints(options)]),
      { training: { epochs: 4 } },
    )
    expect(run.checkpoints).toEqual(steps.map((step) => `step-${`${step}`.padStart(8, '0')}.safetensors`))
  })

  it('hold the best epoch by itself', async () => {
    const values = [3, 1, 2, 4]
    const scripted: Callback = {
      name: 'scripted',
      onEpochEnd: (logs) => void ((logs as { value?: number }).value = values[logs.epoch - 1]!),
    }
    const best = { monitor: 'value', mode: 'min' } as const
    const callbacks = () => [scripted, keepCheckpoints({ best })]
    await run.train(experimentWith(callbacks), { training: { epochs: 4 } })
    expect(run.checkpoints).toEqual(['best.safetensors', 'step-00000021.safetensors', 'step-00000028.safetensors'])
    const two = new RunInFolder()
    await two.train(experimentWith(callbacks), { training: { epochs: 2 } })
    const [ofBest, ofSecond] = [run.checkpointPath('best'), two.checkpointPath('step-00000014')].map(weightsIn)
    expect(ofBest).toEqual(ofSecond)
  })

  it('are not written if the run has no folder', async () => {
    const { model } = await trainExperiment(experimentWith())
    model.dispose()
    expect(readdirSync(run.folder)).toEqual(['environment.json'])
  })
})

/** The weights in a checkpoint, by name, read by the documentation of the format. */
function weightsIn(path: string): Record<string, string> {
  const bytes = readFileSync(path)
  const start = 8 + Number(bytes.readBigUInt64LE())
  const header = JSON.parse(bytes.subarray(8, start).toString()) as Record<string, { data_offsets: [number, number] }>
  const entries = Object.entries(header).filter(([name]) => name.startsWith('weights/'))
  return Object.fromEntries(
    entries.map(
      ([
        name,
        {
          data_offsets: [from, to],
        },
      ]) => [name, bytes.subarray(start + from, start + to).toString('hex')],
    ),
  )
}

describe('a damaged checkpoint', () => {
  it('is skipped for the previous one, and the run ends the same', async () => {
    const whole = await run.train(experimentWith())
    const newest = run.checkpointPath('step-00000014')
    truncateSync(newest, 1000)
    const { notes, ...resumed } = await run.resume(experimentWith())
    expect(essenceOf({ notes, ...resumed })).toEqual(essenceOf(whole))
    expect(notes.slice(0, 2)).toEqual([
      `${newest} is damaged: its checksum does not match its content.`,
      `Resuming from ${run.checkpointPath('step-00000007')}, after 1 epoch.`,
    ])
  })

  it('restarts the run if there is no other', async () => {
    const whole = await run.train(experimentWith())
    for (const name of run.checkpoints) truncateSync(join(run.folder, 'checkpoints', name), 10)
    const { notes, ...resumed } = await run.resume(experimentWith())
    expect(essenceOf({ notes, ...resumed })).toEqual(essenceOf(whole))
    expect(notes.at(2)).toBe(`${run.folder} has no intact checkpoint: the run starts from the beginning.`)
  })
})

describe('another experiment', () => {
  it.each<[string, Partial<Experiment>, RunOptions, RegExp]>([
    ['batch size', {}, { training: { batchSize: 5 } }, /has changed: batchSize changed from 6 to 5\.$/],
    ['seed', {}, { training: { seed: 1 } }, /seed changed from 42 to 1/],
    ['precision', {}, { training: { precision: 'relaxed' } }, /has changed: precision was added\.$/],
    ['order', {}, { training: { shuffle: false } }, /shuffle changed from true to false/],
    [
      'loss',
      { loss: { name: 'other', compute: () => tf.scalar(0) } },
      {},
      /loss changed from categoricalCrossentropy, weight 1 to other/,
    ],
    [
      'number of epochs, fewer than are trained',
      {},
      { training: { epochs: 1 } },
      /2 epochs are already trained, but only 1 is requested/,
    ],
  ])('is refused: another %s', async (_what, changes, options, message) => {
    await run.train(experimentWith())
    const before = tf.memory().numTensors
    await expect(run.resume({ ...experimentWith(), ...changes }, options)).rejects.toThrow(message)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('is refused: another network, by its layers', async () => {
    await run.train(experimentWith())
    await expect(run.resume({ ...experimentWith(), buildModel: denseModel })).rejects.toThrow(
      /changed: optimizer state changed from 14 tensors to 6 tensors; layer hidden was removed; .*; and \d+ more\.$/,
    )
  })
})

it('a folder without a run is refused', async () => {
  await expect(openRun(join(run.folder, 'other'))).rejects.toThrow(/other is not a run folder/)
})
