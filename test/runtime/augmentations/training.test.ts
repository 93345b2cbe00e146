import { beforeAll, describe, expect, it } from 'vitest'
import { type SampleChange } from '../../../src/script/augmentation.ts'
import { startEngine } from '../../../src/runtime/engines/startEngine.ts'
import { trainExperiment } from '../../../src/runtime/training/trainingLoop.ts'
import { threadedExperiment } from '../threads/threadedExperiment.ts'
import { tinyData } from '../tinyExperiment.ts'

beforeAll(async () => {
  await startEngine('wasm')
})

/** Adds to each sample what follows from its number and the step, and notes both. */
function noted(): SampleChange & { readonly seen: string[] } {
  const seen: string[] = []
  return {
    seen,
    apply(inputs, sampleShape, numbers, seed, step) {
      expect([inputs.length >= numbers.length * 2, sampleShape, seed]).toEqual([true, [2], 42])
      for (const [row, number] of numbers.entries()) {
        seen.push(`${step}:${number}`)
        inputs[2 * row]! += ((number * 7 + step * 3) % 10) / 50
      }
    },
  }
}

async function train(threads: number, augment: SampleChange) {
  const training = { threads, validationSplit: 0.2, epochs: 2 }
  const { model, history } = await trainExperiment(
    { ...threadedExperiment(), augment },
    { training, data: tinyData(50) },
  )
  const weights = model.getWeights().flatMap((weight) => [...weight.dataSync()])
  model.dispose()
  return { weights, history }
}

describe('augmentation in training', () => {
  it('changes each training sample once per epoch, and no validation sample', async () => {
    const augment = noted()
    await train(1, augment)
    // 40 samples in batches of 16: three steps an epoch.
    const epochs = [0, 1].map((epoch) =>
      augment.seen.filter((one) => Math.floor(Number(one.split(':')[0]) / 3) === epoch),
    )
    for (const epoch of epochs) {
      const numbers = epoch.map((one) => Number(one.split(':')[1])).toSorted((a, b) => a - b)
      expect(numbers).toEqual(Array.from({ length: 40 }, (_, number) => number))
    }
  })

  it('changes the same samples in the same way in two threads', async () => {
    const [first, second] = [noted(), noted()]
    const [one, two] = [await train(1, first), await train(2, second)]
    expect(second.seen.toSorted()).toEqual(first.seen.toSorted())
    for (const [index, weight] of two.weights.entries()) expect(weight).toBeCloseTo(one.weights[index]!, 4)
  })

  it('makes a difference', async () => {
    const unchanged: SampleChange = { apply: () => {} }
    expect((await train(1, noted())).weights).not.toEqual((await train(1, unchanged)).weights)
  })
})
