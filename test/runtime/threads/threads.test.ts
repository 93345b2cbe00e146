import { availableParallelism } from 'node:os'
import type { Worker } from 'node:worker_threads'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { startEngine } from '../../../src/runtime/engines/startEngine.ts'
import { weightsDigest } from '../../../src/runtime/runs/saveModel.ts'
import { addGradients } from '../../../src/runtime/threads/addGradients.ts'
import { countThreads } from '../../../src/runtime/threads/countThreads.ts'
import { shareStart } from '../../../src/runtime/threads/replicaMemory.ts'
import { trainExperiment } from '../../../src/runtime/training/trainingLoop.ts'
import { type TrainingOptions } from '../../../src/runtime/training/experiment.ts'
import { replicaThreads } from '../../../src/runtime/threads/replicaThreads.ts'
import { lagging } from '../datasets/laggingStream.ts'
import { tinyData } from '../tinyExperiment.ts'
import { twoHeads } from '../twoHeads.ts'
import { threadedExperiment } from './threadedExperiment.ts'

beforeAll(async () => {
  await startEngine('wasm')
})

async function train(training: Partial<TrainingOptions>, normalized = false, samples = 50) {
  const data = tinyData(samples)
  const { model, history } = await trainExperiment(threadedExperiment({ normalized }), { training, data })
  const result = {
    digest: weightsDigest(model),
    weights: model.getWeights().flatMap((weight) => [...weight.dataSync()]),
    logs: history.map(({ loss, accuracy, precision }) => [loss, accuracy!, precision!]),
  }
  model.dispose()
  return result
}

function threadsRunning(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'MessagePort').length
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, index) => Math.abs(value - b[index]!)))
}

describe('training in threads', () => {
  it('gives the same weights in each run, dropout and batch normalization included', async () => {
    const [first, second] = [await train({ threads: 2 }, true), await train({ threads: 2 }, true)]
    expect(second).toEqual(first)
    expect((await train({ threads: 2, seed: 43 }, true)).digest).not.toBe(first.digest)
  })

  // 50 samples: the last batch has 2; with 49 it has 1, and a thread has nothing to do; three threads share unevenly.
  it.each([
    [2, 50],
    [2, 49],
    [3, 50],
  ])('gives with %i threads on %i samples what one thread gives, within rounding', async (threads, samples) => {
    const [one, several] = [await train({ threads: 1 }, false, samples), await train({ threads }, false, samples)]
    expect(largestDifference(several.weights, one.weights)).toBeLessThan(1e-4)
    for (const [epoch, logs] of several.logs.entries()) {
      expect(largestDifference(logs, one.logs[epoch]!)).toBeLessThan(1e-4)
    }
  })

  it('takes samples that are read as they are needed', async () => {
    const { train: inMemory, ...rest } = tinyData(50)
    const streamed = { data: { ...rest, train: lagging(inMemory) }, training: { threads: 2 } }
    const { model } = await trainExperiment(threadedExperiment(), streamed)
    expect(weightsDigest(model)).toBe((await train({ threads: 2 })).digest)
    model.dispose()
  })

  it('shares the work of several outputs, with the same logs', async () => {
    const entry = new URL('replicaEntry.ts', import.meta.url).href
    const experiment = twoHeads({ replicas: replicaThreads(entry, 'two heads') })
    const [one, several] = [
      await trainExperiment(experiment, { training: { threads: 1 } }),
      await trainExperiment(experiment, { training: { threads: 2 } }),
    ]
    const weightsOf = ({ model }: typeof one) => model.getWeights().flatMap((weight) => [...weight.dataSync()])
    expect(largestDifference(weightsOf(several), weightsOf(one))).toBeLessThan(1e-4)
    for (const [epoch, { seconds, imagesPerSecond, ...logs }] of several.history.entries()) {
      expect([seconds > 0, imagesPerSecond > 0]).toEqual([true, true])
      for (const [name, value] of Object.entries(logs)) expect(value).toBeCloseTo(one.history[epoch]![name]!, 4)
    }
    one.model.dispose()
    several.model.dispose()
  })

  it('leaves neither tensors nor threads behind', async () => {
    const before = [tf.memory().numTensors, threadsRunning()]
    await train({ threads: 2 }, true)
    expect([tf.memory().numTensors, threadsRunning()]).toEqual(before)
  })

  it('keeps the number of tensors from epoch to epoch', async () => {
    const tensors: number[] = []
    const onEpochEnd = () => void tensors.push(tf.memory().numTensors)
    const training = { threads: 2, epochs: 20 }
    const { model } = await trainExperiment(threadedExperiment(), { training }, { onEpochEnd })
    model.dispose()
    expect(new Set(tensors).size).toBe(1)
  })

  it('stops at once when interrupted', async () => {
    const before = threadsRunning()
    const stop = new AbortController()
    const onEpochEnd = () => stop.abort()
    const options = { training: { threads: 2, epochs: 100_000 }, signal: stop.signal }
    const { model, interrupted, history } = await trainExperiment(threadedExperiment(), options, { onEpochEnd })
    model.dispose()
    expect(interrupted).toBe(true)
    expect(history).toHaveLength(1)
    expect(threadsRunning()).toBe(before)
  })
})

describe('a thread that fails', () => {
  it.each([
    ['throw', 'Training thread 1 failed: out of luck'],
    ['exit', 'Training thread 1 ended with the exit code 7.'],
    ['exit at start', 'Training thread 1 ended with the exit code 3.'],
  ])('ends training with an error: %s', async (data, message) => {
    const before = [tf.memory().numTensors, threadsRunning()]
    await expect(trainExperiment(threadedExperiment({ data }))).rejects.toMatchObject({
      code: 'training',
      message,
    })
    expect([tf.memory().numTensors, threadsRunning()]).toEqual(before)
  })

  it('is reported if a thread fails that was started before the data were loaded', async () => {
    const replicas = replicaThreads(new URL('missing.ts', import.meta.url).href)
    replicas.prepareTeam(2)
    await expect(trainExperiment({ ...threadedExperiment(), replicas })).rejects.toThrow(
      /Training thread 1 failed: Cannot find/,
    )
  })

  it('is over with the threads that no team took', async () => {
    const started: Worker[] = []
    const note = (worker: Worker) => started.push(worker)
    process.on('worker', note)
    const { replicas } = threadedExperiment()
    replicas!.prepareTeam(3)
    await replicas!.release()
    process.off('worker', note)
    // What has ended has no number any more.
    expect(started.map(({ threadId }) => threadId)).toEqual([-1, -1])
  })

  it('is reported if the module cannot be found', async () => {
    const replicas = replicaThreads(new URL('missing.ts', import.meta.url).href)
    await expect(trainExperiment({ ...threadedExperiment(), replicas })).rejects.toThrow(
      /Training thread 1 failed: Cannot find/,
    )
  })
})

describe('addGradients', () => {
  const other = { gradients: Float32Array.of(4, 4), share: 0.5 }
  it.each([
    ['of one thread', 1, [], [], [Infinity, -0]],
    ['of two threads', 0.5, [other], [], [Infinity, 2]],
    ['of one thread, and of the batch before', 0.25, [], [[1, 1]], [Infinity, 1]],
    ['of two threads, and of the batch before', 0.25, [other], [[1, 1]], [Infinity, 3]],
  ])('weights gradients %s', (_whose, share, others, totals, want) => {
    const own = tf.tensor1d([Infinity, -0])
    const sums = addGradients(
      [own],
      share,
      others,
      totals.map((total) => tf.tensor1d(total)),
    )
    expect(sums.map((sum) => [...sum.dataSync()])).toEqual([want])
  })
})

describe('the shares of a batch', () => {
  it.each([
    [32, 2, [16, 16]],
    [7, 3, [3, 2, 2]],
    [1, 2, [1, 0]],
    [2, 4, [1, 0, 1, 0]],
  ])('%i samples among %i threads', (samples, threads, sizes) => {
    const starts = Array.from({ length: threads + 1 }, (_, thread) => shareStart(thread, threads, samples))
    expect(starts.slice(1).map((end, thread) => end - starts[thread]!)).toEqual(sizes)
  })
})

describe('countThreads', () => {
  const training = { epochs: 1, batchSize: 32, seed: 1, shuffle: true, validationSplit: 0 }

  it('takes no more threads than there are samples in a batch, or cores', () => {
    const cores = availableParallelism()
    expect(countThreads({ ...training, batchSize: 3, threads: 8 })).toBe(Math.min(3, cores))
    expect(countThreads({ ...training, batchSize: 2 ** 20, threads: 0x7fffffff })).toBe(cores)
  })

  it('takes one for small batches', () => {
    expect(countThreads({ ...training, batchSize: 16, threads: 'auto' })).toBe(1)
    expect(countThreads({ ...training, batchSize: 31 })).toBe(1)
  })
})
