/** Networks and data that are too large: refused with figures and help before anything is made. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { asIndexError } from '../../src/system/indexError.ts'
import { asMemoryError } from '../../src/system/memoryError.ts'
import { asKnownError } from '../../src/system/systemError.ts'
import { runCli } from './runCli.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const folder = temporaryFolder()

const synthetic = (options: string) => `dataset: { synthetic: { ${options} } }\n`
const small = synthetic('shape: [1], labels: values, train: 8, test: 0')
const rest = 'optimizer: adam\nloss: meanSquaredError\ntraining: { epochs: 1, batchSize: 4 }\n'

/** A header that announces an image of that size, and nothing behind it. */
function pngHeader(size: number): Buffer {
  const body = Buffer.alloc(17)
  body.write('IHDR', 'latin1')
  body.writeUInt32BE(size, 4)
  body.writeUInt32BE(size, 8)
  body.set([8, 2, 0, 0, 0], 12)
  const head = Buffer.alloc(33)
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]).copy(head)
  body.copy(head, 12)
  head.writeUInt32BE(crc32(body), 29)
  return head
}

function npyHeader(shape: string): string {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117)
  return `\u0093NUMPY\u0001\u0000${String.fromCharCode(118)}\u0000${dictionary}\n`
}

describe('train on the wasm engine', () => {
  it.each<[string, string, RegExp, RegExp?]>([
    [
      'many units',
      `${small}layers:\n  - dense: { units: 500000000 }\n  - dense: { units: 1 }\n`,
      /A training step needs at least 24\.2 GiB .* the wasm engine has 4\.0 GiB/,
      /node engine/,
    ],
    [
      'many filters',
      `${synthetic('shape: [3, 3, 1], labels: values, train: 8, test: 0')}layers:\n  - conv2d: { filters: 55000000, kernelSize: 3 }\n  - globalAveragePooling2d\n  - dense: { units: 1 }\n`,
      /A training step needs at least/,
    ],
    [
      'large outputs',
      `${small}layers:\n  - dense: { units: 1000 }\n  - repeatVector: { n: 500000 }\n  - globalAveragePooling1d\n  - dense: { units: 1 }\n`,
      /and 4 · 1\.9 GiB/,
      /batch of at most 2 /,
    ],
    [
      'many samples',
      `${synthetic('labels: values, train: 1000000000')}layers:\n  - flatten\n  - dense: { units: 1 }\n`,
      /1000000200 synthetic samples of 28x28x1 need about [\d.]+ GB of memory, but only [\d.]+ GB are available/,
    ],
    [
      'long samples',
      `${synthetic('shape: [400000000], labels: values, train: 100, test: 0')}layers:\n  - dense: { units: 1 }\n`,
      /synthetic samples of 400000000 need about|training step needs at least/,
    ],
  ])('%s', async (name, text, message, help) => {
    const spec = join(folder, 'spec.yaml')
    const out = join(folder, name)
    writeFileSync(spec, `name: large\n${text}${rest}`)
    const { code, stderr } = await runCli(['train', spec, '--backend', 'wasm', '--out', out])
    expect(stderr).toMatch(message)
    expect(stderr).toMatch(help ?? /^help: /m)
    expect(stderr).not.toMatch(/^\s+at |bug/m)
    expect([code, existsSync(join(out, 'large'))]).toEqual([2, false])
  })
})

describe('files that announce more than they hold', () => {
  it('an image of 60000x60000', async () => {
    for (const name of ['a', 'b']) {
      mkdirSync(join(folder, 'images', name), { recursive: true })
      writeFileSync(join(folder, 'images', name, '0.png'), pngHeader(60_000))
    }
    const spec = join(folder, 'images.yaml')
    const text = (size: string) =>
      `name: large\ndataset: { imageFolder: { path: images${size} } }\nlayers:\n  - flatten\n  - dense: { units: 2, activation: softmax }\noptimizer: sgd\nloss: sparseCategoricalCrossentropy\ntraining: { batchSize: 1 }\n`
    writeFileSync(spec, text(''))
    const checked = await runCli(['check', spec])
    expect([checked.code, checked.stdout]).toEqual([
      1,
      expect.stringMatching(/60000x60000, but images can have at most 268 million pixels/),
    ])
    writeFileSync(spec, text(', size: [8, 8]'))
    const trained = await runCli(['train', spec, '--backend', 'cpu', '--out', join(folder, 'none')])
    expect(trained.stderr).toMatch(/0\.png cannot be decoded: /)
    expect(trained.stderr).not.toMatch(/^\s+at |bug/m)
  })

  it.each(['(1000000000000,)', '(1000000, 1000000)', '(4, 250000000000)'])('an array of %s', async (shape) => {
    writeFileSync(join(folder, 'x.npy'), npyHeader(shape), 'latin1')
    writeFileSync(join(folder, 'y.npy'), npyHeader('(4,)'), 'latin1')
    const spec = join(folder, 'arrays.yaml')
    writeFileSync(
      spec,
      `name: large\ndataset: { npy: { inputs: x.npy, targets: y.npy } }\nlayers:\n  - dense: { units: 1 }\n${rest}`,
    )
    for (const command of [
      ['check', spec],
      ['check', spec, '--data'],
      ['train', spec, '--backend', 'cpu', '--out', join(folder, 'arrays')],
    ]) {
      const { code, stdout, stderr } = await runCli(command)
      expect(stdout + stderr).toMatch(/error/)
      expect(stdout + stderr).not.toMatch(/^\s+at |bug/m)
      expect([1, 2]).toContain(code)
    }
    expect(existsSync(join(folder, 'arrays/large'))).toBe(false)
  })
})

it('trains with a batch that is larger than the data, if their number is not known before', async () => {
  writeFileSync(join(folder, 'rows.csv'), `a,b\n${'1,2\n2,3\n'.repeat(10)}`)
  const spec = join(folder, 'rows.yaml')
  writeFileSync(
    spec,
    `name: rows\ndataset: { csv: { path: rows.csv, label: b, labels: values } }\nlayers:\n  - dense: { units: 1 }\noptimizer: sgd\nloss: meanSquaredError\ntraining: { epochs: 1, batchSize: 1000000000 }\n`,
  )
  const { stdout, stderr } = await runCli(['train', spec, '--backend', 'cpu', '--out', join(folder, 'rows')])
  expect(stdout + stderr).not.toMatch(/^\s+at |bug/m)
})

describe('running out of memory', () => {
  it.each([() => new ArrayBuffer(2 ** 52), () => new Float32Array(2 ** 50), () => Array.from({ length: 2 ** 32 })])(
    '%s is not a bug',
    (allocate) => {
      let thrown: unknown
      try {
        allocate()
      } catch (error) {
        thrown = error
      }
      expect(asKnownError(thrown)).toMatchObject({
        isKnownError: true,
        message: expect.any(String) as string,
        help: expect.any(String) as string,
      })
    },
  )

  it.each<[Error, boolean]>([
    [new Error('OOM when allocating tensor with shape[1000000,1000]'), true],
    [new Error('memory access out of bounds'), true],
    [new Error('unreachable'), true],
    [new Error('Aborted(OOM). Build with -sASSERTIONS for more info.'), true],
    [new RangeError('Maximum call stack size exceeded'), false],
    [new Error('there is no room in zoom'), false],
    [new TypeError('x is not a function'), false],
  ])('%s', (error, isMemory) => expect(asMemoryError(error) !== undefined).toBe(isMemory))

  it.each([
    ['GatherV2: the index value 59 is not in [0, 49]', 'contains 59, but a layer takes whole numbers from 0 to 49.'],
    ['indices[0,3] = -1 is not in [0, 5)', 'contains -1, but a layer takes whole numbers from 0 to 4.'],
    [
      'Input values must be between 0 < values <= numTokens with numTokens=3',
      'contains a number out of range, but a layer takes whole numbers from 0 to 2.',
    ],
    ['Error in slice: begin[0] is not in range', undefined],
  ])('of an index: %s', (message, want) => {
    expect(asIndexError(new Error(message))?.message).toBe(want && `A sample ${want}`)
  })
})
