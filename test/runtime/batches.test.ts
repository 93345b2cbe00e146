import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { BatchReader } from '../../src/runtime/data/batches.ts'
import { startWasmEngine } from '../../src/runtime/engines/wasmEngine.ts'

beforeAll(startWasmEngine)

const samples = {
  inputs: Uint8Array.from([0, 51, 102, 153, 204, 255]),
  sampleShape: [2, 1],
  scale: 1 / 255,
  labels: Uint8Array.from([7, 8, 9]),
  count: 3,
  classes: 10,
}

describe('BatchReader', () => {
  it.each([
    [0, 2, [0.8, 1, 0, 0.2], [9, 7]],
    [2, 3, [0.4, 0.6], [8]],
  ])('gathers rows %i to %i of the order, scaled', (start, end, inputs, labels) => {
    const batch = new BatchReader(samples).read(Int32Array.of(2, 0, 1), start, end)
    expect(batch.inputs.shape).toEqual([end - start, 2, 1])
    expect([...batch.inputs.dataSync()].map((value) => Math.round(value * 1e6) / 1e6)).toEqual(inputs)
    expect([...batch.labels.dataSync()]).toEqual(labels)
    expect([batch.inputs.dtype, batch.labels.dtype, batch.count]).toEqual(['float32', 'int32', end - start])
    tf.dispose([batch.inputs, batch.labels])
  })
})
