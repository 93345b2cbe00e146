/** The readers that compiled scripts link give the batches of `train`, bit for bit, and errors of one line with help. */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { evaluateExpression } from '../../src/backends/interpret/evaluateExpression.ts'
import { interpretData } from '../../src/backends/interpret/interpret.ts'
import { expressionsIn } from '../../src/backends/typescript/expressionsIn.ts'
import { measureImages, readImageBatch } from '../../src/parts/datasets/imageFolder.run.ts'
import { datasetTable } from '../../src/parts/datasets/table.ts'
import { lowerData } from '../../src/program/lowerGraph.ts'
import { lowerScriptData, type ScriptData } from '../../src/program/scriptData.ts'
import { BatchReader } from '../../src/runtime/data/batches.ts'
import type { DatasetSplits } from '../../src/runtime/data/samples.ts'
import { normalizeInputs } from '../../src/runtime/data/normalize.ts'
import { prepareSplits } from '../../src/runtime/data/prepareSplits.ts'
import { readBatch, type Batch } from '../../src/script/batches.ts'
import { measureChannels } from '../../src/script/measureChannels.ts'
import { shuffledIndices } from '../../src/script/random.ts'
import type { Data, Samples } from '../../src/script/samples.ts'
import { nodeHost } from '../../src/system/nodeHost.ts'
import { bytesOf } from '../runtime/formats/npyFixture.ts'
import { arrays, digits, folder, letters, packedDigits, photos, pictures, tables, things } from './datasetFiles.ts'
import { readerFailures } from './readerFailures.ts'

afterAll(() => rmSync(folder, { recursive: true }))

interface Case {
  readonly dataset: string | Readonly<Record<string, object>>
  readonly training?: object
  /** As `--data` gives it. */
  readonly data?: string
  /** What `train` reads instead: files of Fashion-MNIST are of the form of MNIST's. */
  readonly like?: Case['dataset']
}

const stratified = { validationSplit: 0.25, stratified: true }
const table = {
  path: join(tables, 'plants.csv'),
  label: 'kind',
  labels: 'classes',
  delimiter: ';',
  decimal: ',',
  columns: { site: 'index', note: 'ignore' },
}
const images = { path: photos, size: [12, 10] }
const cases: Readonly<Record<string, Case>> = {
  mnist: { dataset: 'mnist' },
  'mnist, by its last part': { dataset: { mnist: { path: digits } }, training: { validationSplit: 0.1 } },
  'mnist, stratified': { dataset: 'mnist', training: stratified, data: digits },
  fashionMnist: { dataset: { fashionMnist: { path: packedDigits } }, like: 'mnist' },
  cifar10: { dataset: { cifar10: { path: pictures } } },
  'cifar100, fine': { dataset: 'cifar100', data: things, training: stratified },
  'cifar100, coarse': { dataset: { cifar100: { path: things, labels: 'coarse' } } },
  'idx, kept for testing': {
    dataset: { idx: { path: letters, prefix: 'emnist', testSplit: 0.2 } },
    training: { validationSplit: 0.3 },
  },
  'csv, standardized': { dataset: { csv: { ...table, testSplit: 0.2 } }, training: { validationSplit: 0.25 } },
  'csv, 0 to 1, with a table to test on': {
    dataset: { csv: { ...table, normalize: 'minMax', test: join(tables, 'test.csv') } },
    training: stratified,
  },
  'csv, as it is, validated on another': {
    dataset: { csv: { ...table, normalize: 'none', validation: join(tables, 'test.csv') } },
    training: stratified,
  },
  'csv of values, in a folder': {
    dataset: { csv: { path: 'values.csv', label: 'target' } },
    data: tables,
    training: stratified,
  },
  'csv, a file': { dataset: { csv: { path: 'else.csv', label: 'target' } }, data: join(tables, 'values.csv') },
  'npz, stored': { dataset: { npz: { path: join(arrays, 'stored.npz'), testSplit: 0.5 } } },
  'npz, deflated, one-hot and booleans': {
    dataset: { npz: { path: join(arrays, 'packed.npz'), shape: [10], testSplit: 0.5 } },
  },
  'npy, big-endian values': { dataset: { npy: { inputs: join(arrays, 'x.npy'), targets: join(arrays, 'y.npy') } } },
  'npy, tested, in a folder': {
    dataset: { npy: { inputs: 'x.npy', targets: 'y.npy', testInputs: 'x.npy', testTargets: 'y.npy' } },
    data: arrays,
    training: { validationSplit: 0.2 },
  },
  'synthetic classes': {
    dataset: { synthetic: { shape: [6, 6, 2], classes: 4, train: 130, test: 70, seed: 5 } },
    training: stratified,
  },
  'synthetic values': {
    dataset: { synthetic: { shape: [5], labels: 'values', train: 90, test: 0 } },
    training: stratified,
  },
  imageFolder: { dataset: { imageFolder: images } },
  'imageFolder, grey, stratified': {
    dataset: { imageFolder: { ...images, channels: 1, fit: 'contain' } },
    data: join(photos, 'train'),
    training: stratified,
  },
  'imageFolder, with opacity': {
    dataset: { imageFolder: { ...images, channels: 4, fit: 'fill', testSplit: 0.4 } },
    data: join(photos, 'train'),
  },
  'imageFolder, without test images': {
    dataset: { imageFolder: { ...images, testSplit: 0 } },
    data: join(photos, 'train'),
  },
}

/** What scripts may call: all that the readers' files export. */
const callables: Record<string, (...args: unknown[]) => unknown> = {}
for (const name of readdirSync('src/parts/datasets').flatMap((file) => /^(.*)\.run\.ts$/.exec(file)?.[1] ?? []))
  Object.assign(callables, await import(`../../src/parts/datasets/${name}.run.ts`))
Object.assign(callables, await import('../../src/script/splits.ts'), await import('../../src/script/dataFiles.ts'))

function specOf(dataset: Case['dataset'], training: object = {}, data?: string) {
  const text = JSON.stringify({ name: 'x', dataset, layers: ['flatten'], training })
  return checkText(text, 'x.yaml', { host: nodeHost, isWhole: true, data }).spec
}

async function readAsScript({ data }: ScriptData, place?: string): Promise<Data> {
  const stated = expressionsIn(data).find((one) => one.kind === 'reference')?.otherwise
  const resolve =
    (name: string) =>
    async (...args: unknown[]) =>
      await callables[name]!(...(await Promise.all(args)))
  const folderOf = async () =>
    stated ? ((await evaluateExpression(stated, { seed: 0 }, resolve)) as string) : undefined
  return (await evaluateExpression(data, { seed: 0, folder: place ?? (await folderOf()) }, resolve)) as Data
}

describe('scripts read the batches of train', () => {
  it.each(Object.entries(cases))('%s', async (_name, { dataset, training, data: place, like = dataset }) => {
    const script = lowerScriptData(specOf(dataset, training, place))!
    const data = await readAsScript(script, place)
    const spec = specOf(like, training, place)
    const loaded = prepareSplits(await interpretData(lowerData(spec)!).loadData(place), spec.training)
    await expectEqual(data, loaded, async (samples, indices) => {
      return script.isStreamed ? await readImageBatch(samples, indices) : readBatch(samples, indices)
    })
  })

  it('from every dataset', () => {
    const used = Object.values(cases).map(({ dataset }) =>
      typeof dataset === 'string' ? dataset : Object.keys(dataset)[0]!,
    )
    expect([...new Set(used)].toSorted()).toEqual(Object.keys(datasetTable).toSorted())
  })

  it.each(['csv, standardized', 'imageFolder'])('normalized by what they measure: %s', async (name) => {
    const { dataset, training } = cases[name]!
    const spec = specOf(dataset, training)
    const { data, isStreamed } = lowerScriptData(spec)!
    const { train } = await readAsScript({ data, isStreamed })
    const loaded = prepareSplits(
      await normalizeInputs(interpretData(lowerData(spec)!).loadData(), { fit: true }),
      spec.training,
    )
    const { mean, std } = loaded.train.normalization!
    expect(await (isStreamed ? measureImages(train) : measureChannels(train))).toEqual({ mean, std })
  })

  it('only where the form of a table is known', () => {
    const spec = specOf({ csv: { path: join(tables, 'none.csv'), label: 'kind' } })
    expect(lowerScriptData(spec)).toBeUndefined()
  })
})

/** Compares the first batches of an epoch, bit for bit. */
async function expectEqual(
  data: Data,
  loaded: DatasetSplits,
  read: (samples: Samples, indices: Int32Array) => Promise<Batch>,
): Promise<void> {
  const splits = ['train', 'validation', 'test'] as const
  expect(splits.filter((split) => data[split])).toEqual(splits.filter((split) => loaded[split]))
  for (const split of splits) {
    const [samples, known] = [data[split], loaded[split]]
    if (!samples || !known) continue
    expect(samples).toMatchObject({ count: known.count, sampleShape: known.sampleShape })
    const order = shuffledIndices(known.count, 7, 1)
    const reader = new BatchReader(known)
    for (let start = 0; start < Math.min(known.count, 256); start += 64) {
      const end = Math.min(start + 64, known.count)
      await reader.prepare(order, start, end)
      const [batch, wanted] = [await read(samples, order.subarray(start, end)), reader.read(order, start, end)]
      for (const part of ['inputs', 'labels'] as const) {
        expect([batch[part].shape, batch[part].dtype]).toEqual([wanted[part].shape, wanted[part].dtype])
        expect(
          Buffer.compare(bytesOf(batch[part].dataSync()), bytesOf(wanted[part].dataSync())),
          `${split} ${part}`,
        ).toBe(0)
        batch[part].dispose()
        wanted[part].dispose()
      }
    }
  }
}

describe('readers refuse', () => {
  it.each(readerFailures)('%s', async (_name, read, message) => {
    const failure = await read().catch((error: unknown) => error)
    expect(failure).toMatchObject({ constructor: Error, message: expect.stringMatching(message) })
    expect((failure as Error).message).not.toContain('\n')
  })
})
