import { beforeAll, describe, expect, it } from 'vitest'
import { type Callback, type CallbackRun } from '../../../src/runtime/training/callback.ts'
import { reduceOnPlateau } from '../../../src/parts/callbacks/reduceOnPlateau.fast.ts'
import { type ReduceOnPlateauOptions } from '../../../src/parts/callbacks/reduceOnPlateau.run.ts'
import { startCpuEngine } from '../../../src/runtime/engines/cpuEngine.ts'
import { trainExperiment } from '../../../src/runtime/training/trainingLoop.ts'
import { tinyExperiment } from '../tinyExperiment.ts'

beforeAll(startCpuEngine)

/** Has the logs of each epoch say what a row says. */
function scripted(values: readonly number[]): Callback {
  return {
    name: 'scripted',
    onEpochEnd(logs) {
      ;(logs as { value?: number }).value = values[logs.epoch - 1]!
    },
  }
}

/** The learning rate of each epoch, from 0.1. */
async function ratesOf(values: readonly number[], options: Partial<ReduceOnPlateauOptions>) {
  const watching = () => reduceOnPlateau({ monitor: 'value', mode: 'min', patience: 1, ...options })
  const experiment = tinyExperiment({ createCallbacks: () => [scripted(values), watching()] })
  const { model, history } = await trainExperiment(experiment, { training: { epochs: values.length } })
  model.dispose()
  return history.map(({ lr }) => Number(lr!.toPrecision(6)))
}

describe('reduceOnPlateau lowers the learning rate, by the rules of keras.callbacks.ReduceLROnPlateau', () => {
  it.each<[string, readonly number[], Partial<ReduceOnPlateauOptions>, readonly number[]]>([
    ['after an epoch that is no better', [3, 3, 2, 2, 1], {}, [0.1, 0.1, 0.01, 0.01, 0.001]],
    ['after so many of them', [3, 3, 3, 3, 3, 3], { patience: 2, factor: 0.5 }, [0.1, 0.1, 0.1, 0.05, 0.05, 0.025]],
    ['of larger values with mode max', [1, 2, 1, 3], { mode: 'max' }, [0.1, 0.1, 0.1, 0.01]],
    ['where it is better by too little', [3, 2.9, 2.8], { minDelta: 0.15 }, [0.1, 0.1, 0.01]],
    ['not while it cools down', [3, 3, 3, 3, 3, 3], { cooldown: 2 }, [0.1, 0.1, 0.01, 0.01, 0.001, 0.001]],
    ['not below its bound', [3, 3, 3, 3], { minLearningRate: 0.004 }, [0.1, 0.1, 0.01, 0.004]],
    ['never where it goes on getting better', [3, 2, 1], {}, [0.1, 0.1, 0.1]],
  ])('%s', async (_title, values, options, rates) => {
    expect(await ratesOf(values, options)).toEqual(rates)
  })
})

it('resumes from its saved state', () => {
  const options = { monitor: 'value', mode: 'min', patience: 2, factor: 0.5, cooldown: 1 } as const
  const values = [3, 3, 3, 3, 3, 3, 2, 3, 3, 3]
  const run = { learningRate: 1, note: () => {} } as unknown as CallbackRun
  const whole = reduceOnPlateau(options)
  let resumed = reduceOnPlateau(options)
  for (const [index, value] of values.entries()) {
    const logs = { epoch: index + 1, loss: 1, seconds: 1, imagesPerSecond: 1, value }
    void whole.onEpochEnd!(logs, run)
    const saved = structuredClone(resumed.save!())
    resumed = reduceOnPlateau(options)
    resumed.restore!(saved)
    void resumed.onEpochEnd!(logs, run)
    expect(resumed.rateFactor).toBe(whole.rateFactor)
  }
  expect(whole.rateFactor).toBeLessThan(0.5)
})
