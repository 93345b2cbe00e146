import { beforeAll, describe, expect, it } from 'vitest'
import { type Callback } from '../../../src/runtime/training/callback.ts'
import { earlyStopping, type EarlyStoppingOptions } from '../../../src/parts/callbacks/earlyStopping.fast.ts'
import { startCpuEngine } from '../../../src/runtime/engines/cpuEngine.ts'
import { weightsDigest } from '../../../src/runtime/runs/saveModel.ts'
import { trainExperiment } from '../../../src/runtime/training/trainingLoop.ts'
import { type EpochLogs } from '../../../src/runtime/training/trainingListener.ts'
import { tinyExperiment } from '../tinyExperiment.ts'

beforeAll(startCpuEngine)

/** Has the logs of each epoch say what a row says, and notes the weights after each. */
function scripted(values: readonly number[], digests: string[]): Callback {
  return {
    name: 'scripted',
    onEpochEnd(logs, run) {
      ;(logs as { value?: number }).value = values[logs.epoch - 1]!
      digests.push(weightsDigest(run.model))
    },
  }
}

async function train(values: readonly number[], options: Partial<EarlyStoppingOptions>) {
  const digests: string[] = []
  const notes: string[] = []
  const watching = earlyStopping({ monitor: 'value', mode: 'min', patience: 0, ...options })
  const experiment = tinyExperiment({ createCallbacks: () => [scripted(values, digests), watching] })
  const { model, history, stopped } = await trainExperiment(
    experiment,
    { training: { epochs: values.length } },
    { onNote: (text) => notes.push(text) },
  )
  const digest = weightsDigest(model)
  model.dispose()
  return { epochs: history.length, stopped, notes, best: digests.indexOf(digest) + 1 }
}

describe('earlyStopping ends training, as in Keras', () => {
  // What keras.callbacks.EarlyStopping 3.15 does with the same values: the epoch it stops after.
  it.each<[string, readonly number[], Partial<EarlyStoppingOptions>, number]>([
    ['when a value is no better', [3, 2, 2, 1, 1], {}, 3],
    ['not before the second epoch', [3, 4, 5], {}, 2],
    ['when it was no better so many times in a row', [3, 2, 2.5, 1, 1.5, 1.2, 1.1, 0], { patience: 3 }, 7],
    ['of larger values with mode max', [1, 2, 3, 2, 9], { mode: 'max' }, 4],
    ['when it is better by too little', [3, 2.9, 2.8, 2.7], { minDelta: 0.15, patience: 2 }, 4],
    ['when it is better, but never beats the baseline', [5, 4.5, 4.4, 4.6, 3], { baseline: 4, patience: 2 }, 4],
    ['at a value that is none', [3, Number.NaN, 1], {}, 2],
    ['never where it goes on getting better', [3, 2, 1], {}, 3],
  ])('%s', async (_title, values, options, epochs) => {
    expect((await train(values, options)).epochs).toBe(epochs)
  })

  it('and says why', async () => {
    const { stopped } = await train([3, 2, 2, 2, 1], { patience: 2 })
    expect(stopped).toBe('earlyStopping: value has not improved for 2 epochs since epoch 2')
  })
})

describe('restoreBestWeights', () => {
  it('gives back the weights of the best epoch, and says so', async () => {
    const { epochs, best, notes } = await train([3, 1, 2, 2, 2], { patience: 2, restoreBestWeights: true })
    expect([epochs, best]).toEqual([4, 2])
    expect(notes).toEqual([
      'Stopped by earlyStopping: value has not improved for 2 epochs since epoch 2.',
      'The weights of epoch 2, the best by value, were restored.',
    ])
  })

  it('also does so after the last epoch', async () => {
    expect(await train([3, 1, 2], { patience: 5, restoreBestWeights: true })).toMatchObject({ epochs: 3, best: 2 })
  })

  it('is not asked for by default', async () => {
    expect(await train([3, 1, 2, 2], {})).toMatchObject({ epochs: 3, best: 3 })
  })

  it('keeps the last weights of a run that the user stops', async () => {
    const interruption = new AbortController()
    const digests: string[] = []
    const ending: Callback = {
      name: 'ending',
      onEpochEnd: (logs: EpochLogs) => (logs.epoch === 3 ? interruption.abort() : undefined),
    }
    const watching = earlyStopping({ monitor: 'value', mode: 'min', patience: 9, restoreBestWeights: true })
    const callbacks = [scripted([3, 1, 2, 2], digests), watching, ending]
    const experiment = tinyExperiment({ createCallbacks: () => callbacks })
    const { model } = await trainExperiment(experiment, {
      training: { epochs: 4 },
      signal: interruption.signal,
    })
    expect(digests.indexOf(weightsDigest(model))).toBe(2)
    model.dispose()
  })
})
