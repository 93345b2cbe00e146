/**
 * Measures training on a folder of JPEG images against training on the same pixels in memory, to show whether the engine
 * waits for data. In the first line of each network all images are decoded in every epoch; in the second, all fit into
 * `memory` and are decoded only in the first epoch.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { interpretProgram } from '../src/backends/interpret/interpret.ts'
import { checkText } from '../src/analyze.ts'
import { nodeHost } from '../src/system/nodeHost.ts'
import { lowerGraph } from '../src/program/lowerGraph.ts'
import { BatchReader } from '../src/runtime/data/batches.ts'
import { loadImageFolder } from '../src/parts/datasets/imageFolder.fast.ts'
import type { DatasetSplits } from '../src/runtime/data/samples.ts'
import { startEngine } from '../src/runtime/engines/startEngine.ts'
import type { Experiment } from '../src/runtime/training/experiment.ts'
import { createRandom, sequentialIndices } from '../src/script/random.ts'
import { trainExperiment } from '../src/runtime/training/trainingLoop.ts'
import { readOptions } from '../scripts/options.ts'
import { median } from './processes.ts'
import { sampleShapeOf } from './trainingData.ts'

const specs = ['configs/mnist-cnn.yaml', 'configs/cifar10-cnn.yaml', 'bench/nets/photos.yaml']

export async function benchFeed(): Promise<void> {
  const { values } = readOptions({
    command: 'bench -- feed',
    args: process.argv.slice(3),
    about: 'Measures training on a folder of JPEG images, against the same pixels in memory.',
    options: {
      images: { kind: 'number', value: 'N', default: 4000, help: 'the number of images' },
      rounds: { kind: 'number', value: 'N', default: 3, help: 'how often both are measured in turn' },
      threads: { kind: 'number', value: 'N', default: 1, help: 'the threads of the wasm engine' },
      nets: { kind: 'text', value: 'NAME,…', help: 'only specs whose names contain one of these' },
    },
  })
  await startEngine('wasm')
  const names = values.nets?.split(',') ?? ['']
  for (const file of specs.filter((path) => names.some((name) => path.includes(name))))
    await compareFeeds(file, values.images, values.rounds, values.threads)
}

async function compareFeeds(file: string, images: number, rounds: number, threads: number): Promise<void> {
  const { spec, shaped } = checkText(readFileSync(file, 'utf8'), file, { host: nodeHost })
  const experiment = interpretProgram(lowerGraph(spec, shaped))
  const [height, width, channels] = sampleShapeOf(spec) as [number, number, 1 | 3]
  const path = mkdtempSync(join(tmpdir(), 'shapewright-feed-'))
  try {
    await drawImages(path, images, height, width, channels)
    const form = { path, size: [height, width], channels, fit: 'cover', testSplit: 0 } as const
    const size = height * width * channels
    // Memory for a tenth of the images.
    const streamed = await loadImageFolder({ ...form, memory: (images * size) / 10 })
    const kept = await loadImageFolder({ ...form, memory: 2 * images * size })
    const inMemory = await copyToMemory(kept, size)
    const rates = { memory: [] as number[], decoded: [] as number[], kept: [] as number[] }
    for (let round = 0; round < rounds; round++) {
      rates.memory.push(await rateOf(experiment, inMemory, threads))
      rates.decoded.push(await rateOf(experiment, streamed, threads))
      rates.kept.push(await rateOf(experiment, kept, threads))
    }
    const summary = (found: readonly number[]) =>
      `${median(found).toFixed(0)} images/s, ${(median(found) / median(rates.memory)).toFixed(2)}x of memory`
    console.log(`${file}: ${median(rates.memory).toFixed(0)} images/s from memory`)
    console.log(`  decoded again in each epoch  ${summary(rates.decoded)}`)
    console.log(`  kept from the first epoch on ${summary(rates.kept)}`)
  } finally {
    rmSync(path, { recursive: true, force: true })
  }
}

/** Returns the rate of the second epoch. */
async function rateOf(experiment: Experiment, data: DatasetSplits, threads: number): Promise<number> {
  const { model, history } = await trainExperiment(experiment, {
    data,
    training: { epochs: 2, threads, validationSplit: 0 },
  })
  model.dispose()
  return history[1]!.imagesPerSecond
}

async function copyToMemory(data: DatasetSplits, size: number): Promise<DatasetSplits> {
  const { train } = data
  const order = sequentialIndices(train.count)
  const reader = new BatchReader(train)
  await reader.prepare(order, 0, order.length)
  const inputs = new Float32Array(order.length * size)
  reader.gather(order, 0, order.length, inputs, new Int32Array(order.length))
  return { ...data, train: { ...train, inputs: Uint8Array.from(inputs, (value) => Math.round(value * 255)) } }
}

/** Writes images as smooth as photographs: 8x8 random colours, enlarged. */
async function drawImages(path: string, images: number, height: number, width: number, channels: 1 | 3): Promise<void> {
  const random = createRandom(1)
  for (let label = 0; label < 10; label++) mkdirSync(join(path, String(label)))
  for (let image = 0; image < images; image++) {
    const pixels = Uint8Array.from({ length: 8 * 8 * channels }, () => Math.floor(random() * 256))
    const small = sharp(pixels, { raw: { width: 8, height: 8, channels } })
    await small
      .resize(width, height, { fit: 'fill' })
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .jpeg({ quality: 90 })
      .toFile(join(path, String(image % 10), `${image}.jpg`))
  }
}
