/** `predict` on pictures of real digits, as a user calls it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { encodeNpy } from '../../src/tasks/export/npz.ts'
import type { ClassInspection, Inspection } from '../../src/tasks/inspect/inspection.ts'
import { buildModel } from '../../src/backends/interpret/interpret.ts'
import { checkText } from '../../src/analyze.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { loadMnist } from '../../src/parts/datasets/mnist.fast.ts'
import { inputsInMemory } from '../../src/runtime/data/samples.ts'
import { loadWeights } from '../../src/runtime/runs/saveModel.ts'
import { digits, makeSmallRun } from '../report/smallRun.ts'
import { callCommand } from './callCommand.ts'
import { repository } from './runCli.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const folder = temporaryFolder()
const images = join(folder, 'images')
const count = 40
let run: string
let expected: number[][]

/** A digit as a picture, its ink as it is or dark on light. */
async function draw(pixels: Uint8Array, path: string, change: (image: Sharp) => Sharp = (image) => image) {
  await change(sharp(pixels, { raw: { width: 28, height: 28, channels: 1 } })).toFile(path)
}

beforeAll(async () => {
  run = await makeSmallRun()
  const { test } = await loadMnist()
  mkdirSync(join(images, 'more'), { recursive: true })
  const pixels = inputsInMemory(test!) as Uint8Array
  for (let index = 0; index < count; index += 1) {
    const own = pixels.subarray(index * 784, (index + 1) * 784)
    await draw(own, join(images, index < 35 ? '' : 'more', `${String(index).padStart(2, '0')}.png`))
  }
  const first = pixels.subarray(0, 784)
  await draw(first, join(folder, 'inverted.png'), (image) => image.negate())
  await draw(first, join(folder, 'large.jpg'), (image) =>
    image.resize(280, 280).toColourspace('srgb').jpeg({ quality: 95 }),
  )
  writeFileSync(join(folder, 'broken.png'), 'no picture')

  const { spec, shaped } = checkText(digits, 'spec.yaml')
  const model = buildModel(lowerGraph(spec, shaped), 0)
  await loadWeights(model, join(run, 'model'))
  const inputs = tf.tensor(
    Float32Array.from(pixels.subarray(0, count * 784), (value) => value / 255),
    [count, 28, 28, 1],
  )
  expected = (model.predict(inputs) as tf.Tensor2D).arraySync()
  model.dispose()
}, 60_000)

interface Line {
  readonly input: string
  readonly row?: number
  readonly outputs: readonly {
    readonly output: string
    readonly top: readonly { class: number; name: string; confidence: number }[]
  }[]
}

const predict = async (...args: readonly string[]) => {
  const result = await callCommand(['predict', run, '--backend', 'wasm', ...args])
  const lines = result.stdout.split('\n').filter((line) => line !== '')
  return { ...result, lines, read: () => lines.map((line) => JSON.parse(line) as Line) }
}

describe('predict', () => {
  it('predicts the picture of the README', async () => {
    const line = /npx shapewright predict runs\/mnist-cnn ([^\s`]+)/.exec(
      readFileSync(join(repository, 'README.md'), 'utf8'),
    )
    const { code, read } = await predict(line![1]!, '--format', 'json')
    expect(code).toBe(0)
    expect(read()[0]!.outputs[0]!.top[0]!.name).toBe('7')
  })

  it('predicts each picture of a folder as the same sample of the dataset', async () => {
    const { code, read } = await predict(images, '--format', 'json')
    const answers = read()
    expect(code).toBe(0)
    expect(answers.map(({ input }) => input)).toEqual(
      Array.from({ length: count }, (_, index) =>
        join(images, index < 35 ? '' : 'more', `${String(index).padStart(2, '0')}.png`),
      ),
    )
    for (const [index, { outputs }] of answers.entries()) {
      const ranked = expected[index]!.map((confidence, digit) => ({
        class: digit,
        name: String(digit),
        confidence: expect.closeTo(confidence, 5),
      }))
      const order = ranked.toSorted((a, b) => expected[index]![b.class]! - expected[index]![a.class]!)
      expect(outputs).toEqual([{ output: 'dense', isProbability: true, top: order.slice(0, 5) }])
    }
  })

  it('prints the most likely classes in a line', async () => {
    const { lines } = await predict(join(images, '00.png'), '--top', '2', '--quiet')
    expect(lines).toEqual([expect.stringMatching(/00\.png {2}\d \d+\.\d% {2}\d \d+\.\d%$/)])
  })

  it('resizes, converts and inverts pictures for the network', async () => {
    const { read } = await predict(join(images, '00.png'), join(folder, 'large.jpg'), '--format', 'json')
    const [plain, large] = read()
    expect(large!.outputs[0]!.top[0]!.class).toBe(plain!.outputs[0]!.top[0]!.class)
    const inverted = await predict(join(folder, 'inverted.png'), '--invert', '--format', 'json')
    expect(inverted.read()[0]!.outputs).toEqual(plain!.outputs)
  })

  it('reads samples of a NumPy array', async () => {
    const { test } = await loadMnist()
    const digit = inputsInMemory(test!).subarray(0, 3 * 784)
    await writeFile(join(folder, 'three.npy'), encodeNpy({ shape: [3, 28, 28], values: Float32Array.from(digit) }))
    await writeFile(join(folder, 'short.npy'), encodeNpy({ shape: [5], values: new Float32Array(5) }))
    const withNaN = new Float32Array(2 * 784).fill(Number.NaN, 3, 4)
    await writeFile(join(folder, 'nan.npy'), encodeNpy({ shape: [2, 28, 28], values: withNaN }))
    const { code, stderr, read } = await predict(
      join(folder, 'three.npy'),
      join(folder, 'short.npy'),
      join(folder, 'nan.npy'),
      '--format',
      'json',
    )
    const answers = read()
    expect(code).toBe(2)
    expect(stderr).toMatch(/short\.npy cannot be read: it contains an array of 5, but a sample is 28x28x1/)
    expect(stderr).toMatch(/nan\.npy:1 cannot be read: value 3 is NaN, which is not a finite number\n/)
    expect(answers.map(({ row }) => row)).toEqual([1, 2, 3, 2])
    for (const [index, { outputs }] of answers.slice(0, 3).entries()) {
      const [best] = outputs[0]!.top
      expect(best!.confidence).toBeCloseTo(Math.max(...expected[index]!), 5)
    }
  })

  it('normalizes as training did', async () => {
    const spec = `${digits}normalize: { mean: [0.13], std: [0.31] }\n`
    const normalized = await makeSmallRun(spec, { train: 200, test: 10 })
    const [first] = (JSON.parse(readFileSync(join(normalized, 'inspection.json'), 'utf8')) as Inspection).outputs
    const { index, named, confidence } = (first as ClassInspection).mistakes[0]!
    const picture = join(images, `0${index}.png`)
    const { stdout } = await callCommand([
      'predict',
      normalized,
      picture,
      '--backend',
      'wasm',
      '--top',
      '1',
      '--format',
      'json',
    ])
    const { top } = (JSON.parse(stdout) as Line).outputs[0]!
    expect(top[0]).toMatchObject({ class: named, confidence: expect.closeTo(confidence, 5) })
  })

  it('reports files that are not pictures, and predicts the rest', async () => {
    const { code, stderr, lines } = await predict(join(folder, 'broken.png'), join(images, '00.png'))
    expect({ code, count: lines.length }).toEqual({ code: 2, count: 1 })
    expect(stderr).toMatch(/error: .*broken\.png cannot be read: /)
  })

  it.each([
    { inputs: [join(folder, 'nothing.png')], stderr: /there is no file .*nothing\.png\nhelp: / },
    { inputs: [tmpdir(), '--top', '0'], stderr: /whole number, at least 1/ },
  ])('$inputs: $stderr', async ({ inputs, stderr }) => {
    const result = await predict(...inputs)
    expect(result).toMatchObject({ code: 2, stdout: '' })
    expect(result.stderr).toMatch(stderr)
  })

  it('reports missing files of a run', async () => {
    const stopped = await makeSmallRun(digits, { train: 32, test: 10, interrupted: true })
    rmSync(join(stopped, 'model'), { recursive: true })
    const noModel = await callCommand(['predict', stopped, images])
    expect(noModel).toMatchObject({ code: 2 })
    expect(noModel.stderr).toMatch(/has no model: the run stopped after 3 epochs, or is still in progress\nhelp: /)
    expect((await callCommand(['predict', folder, images])).stderr).toMatch(/is not a run folder/)
  })
})
