/** Runs of specs in which all comes together, interrupted and gone on with: as if they had never been stopped. */
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { interpretProgram } from '../../src/backends/interpret/interpret.ts'
import { checkText } from '../../src/analyze.ts'
import { nodeHost } from '../../src/system/nodeHost.ts'
import { hasErrors } from '../../src/diagnostics/diagnostic.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { isStreamed } from '../../src/runtime/data/sampleStream.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import type { Experiment } from '../../src/runtime/training/experiment.ts'
import { createRandom } from '../../src/script/random.ts'
import { essenceOf, RunInFolder } from '../runtime/checkpoints/interruptedRun.ts'
import { writeImage } from '../runtime/datasets/imageFixture.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

let images = ''
beforeAll(async () => {
  images = temporaryFolder()
  for (const [label, name] of ['ant', 'bee', 'cow'].entries()) {
    for (let number = 0; number < 10 - label; number++)
      await writeNoise(join(images, 'train', name, `${number}.png`), label, number)
    await writeImage(join(images, 'test', name, '0.png'), { width: 8, height: 8, colour: [label * 80, 9, 200] })
  }
})

/** Noise around a grey of the class: no two images are alike, nor is one its own mirror image. */
async function writeNoise(path: string, label: number, number: number): Promise<void> {
  await writeImage(path)
  const random = createRandom(100 * label + number + 1)
  const pixels = Buffer.from(Array.from({ length: 8 * 8 * 3 }, () => Math.floor(60 * label + 100 * random())))
  await sharp(pixels, { raw: { width: 8, height: 8, channels: 3 } }).toFile(path)
}

let run: RunInFolder
beforeEach(() => {
  run = new RunInFolder()
})

/** 27 images, of which 21 train: four steps an epoch of two batches, the last short. Memory holds ten of them. */
function experimentOf({ memory = '2kB', threads = 1, optimizer = 'adam' } = {}): Experiment {
  const { spec, shaped, diagnostics } = checkText(
    `
name: together
dataset: { imageFolder: { path: ${JSON.stringify(images)}, memory: ${memory} } }
normalize: { fit: true }
augment: [{ randomCrop: { padding: 1 } }, mixup, randomFlip]
layers:
  - conv2d: { filters: 4, kernelSize: 3, activation: relu }
  - batchNormalization
  - flatten
  - dropout: { rate: 0.2 }
  - dense: { units: 3, activation: softmax, kernelConstraint: maxNorm }
optimizer: ${optimizer}
loss: { categoricalCrossentropy: { labelSmoothing: 0.1 } }
metrics: [accuracy]
training:
  epochs: 4
  batchSize: 3
  seed: 11
  threads: ${threads}
  validationSplit: 0.2
  stratified: true
  clipNorm: 1
  weightDecay: 0.01
  gradientAccumulation: 2
  classWeights: balanced
  schedule: { cosine: { warmup: 0.5, alpha: 0.1 } }
  callbacks:
    - reduceOnPlateau: { monitor: loss, mode: max, patience: 1, factor: 0.5 }
    - earlyStopping: { monitor: val_loss, patience: 3, restoreBestWeights: true }
    - csvLog
    - terminateOnNaN
`,
    'together.yaml',
    { host: nodeHost },
  )
  if (hasErrors(diagnostics)) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return interpretProgram(lowerGraph(spec, shaped))
}

describe.each([
  ['cpu', 1],
  ['wasm', 1],
  ['wasm', 2],
] as const)('streamed, augmented images in accumulated batches, on %s in %i', (engine, threads) => {
  // In the warm-up, at the end of an epoch, in the short step, and behind the first fall of the learning rate.
  it.each([1, 4, 8, 13])('resume after step %i', { timeout: 120_000 }, async (steps) => {
    await startEngine(engine)
    const experiment = experimentOf({ threads })
    const whole = await run.train(experiment)
    expect(whole.history).toHaveLength(4)
    const rates = whole.history.map((logs) => (logs as { lr: number }).lr)
    expect(rates.toSorted((a, b) => b - a)).toEqual(rates)
    expect(rates[3]! / rates[0]!).toBeLessThan(0.3)
    run.clear()
    await run.interruptAfter(experiment, steps)
    expect(run.checkpoints).toContain(`step-${`${steps}`.padStart(8, '0')}.safetensors`)
    expect(essenceOf(await run.resume(experiment))).toEqual(essenceOf(whole))
  })
})

describe('what comes together', () => {
  it('is streamed if memory is small, and gives the same result otherwise', { timeout: 120_000 }, async () => {
    await startEngine('wasm')
    const { train } = await experimentOf().loadData()
    expect(isStreamed(train.inputs)).toBe(true)
    const small = await run.train(experimentOf())
    run.clear()
    expect(essenceOf(await run.train(experimentOf({ memory: '1GB' })))).toEqual(essenceOf(small))
  })

  it('resumes after each of many stops', { timeout: 120_000 }, async () => {
    await startEngine('wasm')
    const experiment = experimentOf({ optimizer: '{ rmsprop: { momentum: 0.5, centered: true } }' })
    const whole = await run.train(experiment)
    run.clear()
    await run.interruptAfter(experiment, 2)
    for (const steps of [3, 6, 7, 11]) {
      const { readNewestCheckpoint } = await import('../../src/runtime/runs/checkpointFolder.ts')
      const found = await readNewestCheckpoint(run.folder, () => {})
      await run.interruptAfter(experiment, steps, { checkpoint: found!.content })
    }
    expect(essenceOf(await run.resume(experiment))).toEqual(essenceOf(whole))
  })
})
