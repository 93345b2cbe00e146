/** Training with a learning rate that changes from step to step. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { startCpuEngine } from '../../../src/runtime/engines/cpuEngine.ts'
import { startEngine } from '../../../src/runtime/engines/startEngine.ts'
import { momentum } from '../../../src/parts/optimizers/momentum.run.ts'
import { sgd } from '../../../src/parts/optimizers/sgd.run.ts'
import { GraphPlan } from '../../../src/runtime/replay/graphPlan.ts'
import { KernelPlan } from '../../../src/runtime/replay/kernelPlan.ts'
import { cosineSchedule } from '../../../src/parts/schedules/cosine.run.ts'
import type { Schedule } from '../../../src/script/schedule.ts'
import { stepSchedule } from '../../../src/parts/schedules/step.run.ts'
import { trainExperiment } from '../../../src/runtime/training/trainingLoop.ts'
import { engineStarts } from '../engineStarts.ts'
import { denseModel, tinyData, tinyExperiment } from '../tinyExperiment.ts'

beforeAll(startCpuEngine)

const plain = tinyExperiment({ buildModel: (seed) => denseModel(seed) })

async function weightsOf(changes: Partial<typeof plain>, epochs: number): Promise<number[]> {
  const { model } = await trainExperiment({ ...plain, ...changes }, { training: { epochs, shuffle: false } })
  const weights = model.getWeights().flatMap((weight) => [...weight.dataSync()])
  model.dispose()
  return weights
}

describe('a schedule', () => {
  it('takes hold in each step: with a rate of 0 nothing changes any more', async () => {
    const one = await weightsOf({}, 1)
    const stopped = await weightsOf(
      { schedule: (rate, { step, stepsPerEpoch }) => (step < stepsPerEpoch ? rate : 0) },
      3,
    )
    expect(stopped).toEqual(one)
    expect(await weightsOf({}, 3)).not.toEqual(one)
  })

  it('of a constant rate gives the weights of the rate itself', async () => {
    expect(
      await weightsOf({ createOptimizer: () => sgd({ learningRate: 0.2 }), schedule: (rate) => rate / 2 }, 2),
    ).toEqual(await weightsOf({ createOptimizer: () => sgd({ learningRate: 0.1 }) }, 2))
  })

  it('is in the logs of each epoch, as the rate of its last step', async () => {
    const { model, history } = await trainExperiment(
      { ...plain, schedule: stepSchedule({ every: 1.5 }) },
      { data: tinyData(16), training: { epochs: 3, validationSplit: 0.5, batchSize: 4 } },
    )
    expect(history.map(({ lr }) => lr)).toEqual([0.1, 0.1 * 0.1, 0.1 * 0.1])
    const names = ['epoch', 'loss', 'accuracy', 'lr', 'seconds', 'imagesPerSecond', 'val_loss', 'val_accuracy']
    expect(Object.keys(history[0]!)).toEqual(names)
    model.dispose()
    const without = await trainExperiment(plain)
    expect(without.history[0]).not.toHaveProperty('lr')
    without.model.dispose()
  })
})

describe.each(['wasm', 'cpu', 'node'] as const)('on the engine %s', async (engine) => {
  const works = await engineStarts(engine)

  it.skipIf(!works)('steps are repeated all the same', async () => {
    await startEngine(engine)
    const repeat =
      engine === 'node' ? vi.spyOn(GraphPlan.prototype, 'runOnValues') : vi.spyOn(KernelPlan.prototype, 'run')
    const counts = []
    const schedules: (Schedule | undefined)[] = [undefined, cosineSchedule({ warmup: 0.5 })]
    for (const schedule of schedules) {
      repeat.mockClear()
      const experiment = {
        ...plain,
        createOptimizer: () => momentum({ learningRate: 0.1 }),
        ...(schedule && { schedule }),
      }
      const { model, steps } = await trainExperiment(experiment, { data: tinyData(48), training: { epochs: 2 } })
      counts.push([steps, repeat.mock.results.filter(({ value }) => value !== undefined).length])
      model.dispose()
    }
    repeat.mockRestore()
    // All but the first three; a graph runs from the first one on.
    const repeated = engine === 'node' ? 12 : 9
    expect(counts).toEqual([
      [12, repeated],
      [12, repeated],
    ])
    expect(tf.getBackend()).toContain(engine === 'node' ? 'tensorflow' : engine)
  })
})
