/** The relaxed kernels compute what the strict ones compute, within rounding, in every thread, and only when asked to. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { usePrecision } from '../../src/runtime/kernels/precision.ts'
import { runExperiment } from '../../src/runtime/runs/runExperiment.ts'
import { weightsDigest } from '../../src/runtime/runs/saveModel.ts'
import { trainExperiment } from '../../src/runtime/training/trainingLoop.ts'
import { type TrainingOptions } from '../../src/runtime/training/experiment.ts'
import { Random } from './onBackends.ts'
import { threadedExperiment } from './threads/threadedExperiment.ts'
import { tinyData, tinyExperiment } from './tinyExperiment.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

beforeEach(async () => {
  await startEngine('wasm')
})
afterEach(() => usePrecision('strict'))

it('rounds products otherwise, and goes back', async () => {
  const random = new Random(1)
  const [a, b] = [random.numbers(30 * 300), random.numbers(300 * 20)]
  const multiply = () =>
    tf.tidy(() =>
      tf
        .matMul(tf.tensor2d(a, [30, 300]), tf.tensor2d(b, [300, 20]))
        .dataSync()
        .slice(),
    )
  const strict = multiply()
  await usePrecision('relaxed')
  const relaxed = multiply()
  await usePrecision('strict')
  expect(multiply()).toEqual(strict)
  const exact = strict.map((_, at) => {
    const row = a.slice(300 * Math.floor(at / 20), 300 * Math.floor(at / 20) + 300)
    return row.reduce((sum, value, k) => sum + value * b[k * 20 + (at % 20)]!, 0)
  })
  for (const values of [strict, relaxed]) {
    expect(Math.max(...values.map((value, at) => Math.abs(value - exact[at]!)))).toBeLessThan(2e-5)
  }
})

async function train(training: Partial<TrainingOptions>) {
  const { model } = await trainExperiment(threadedExperiment(), { training, data: tinyData(50) })
  const result = {
    digest: weightsDigest(model),
    weights: model.getWeights().flatMap((weight) => [...weight.dataSync()]),
  }
  model.dispose()
  return result
}

describe.each([1, 2])('training in %i threads', (threads) => {
  it('gives the same bits in each relaxed run, and the strict ones after it', async () => {
    const strict = await train({ threads })
    const relaxed = await train({ threads, precision: 'relaxed' })
    expect((await train({ threads, precision: 'relaxed' })).digest).toBe(relaxed.digest)
    expect((await train({ threads, precision: 'strict' })).digest).toBe(strict.digest)
    const differences = relaxed.weights.map((weight, index) => Math.abs(weight - strict.weights[index]!))
    expect(Math.max(...differences)).toBeLessThan(1e-4)
  })
})

describe('a run', () => {
  const root = temporaryFolder()

  it.each([
    { engine: 'wasm', training: { precision: 'relaxed' }, recorded: 'relaxed', notes: [] },
    { engine: 'wasm', training: { precision: 'strict' }, recorded: undefined, notes: [] },
    {
      engine: 'cpu',
      training: { precision: 'relaxed' },
      recorded: undefined,
      notes: ['`precision: relaxed` has no effect on this engine: only wasm has it.'],
    },
  ] as const)(
    'on $engine with $training.precision records what it used',
    async ({ engine, training, recorded, notes }) => {
      const noted: string[] = []
      const { signal } = new AbortController()
      const { folder } = await runExperiment(
        tinyExperiment(),
        { engine, root, training, signal },
        { onNote: (text) => noted.push(text) },
      )
      const environment = JSON.parse(readFileSync(join(folder, 'environment.json'), 'utf8')) as object
      expect(environment).toMatchObject({ threads: 1 })
      expect('precision' in environment ? environment.precision : undefined).toBe(recorded)
      expect(noted).toEqual(notes)
    },
  )
})
