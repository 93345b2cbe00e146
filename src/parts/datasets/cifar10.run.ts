import { join } from 'node:path'
import { readParsed } from '../../script/dataFiles.ts'
import type { Data, Samples } from '../../script/samples.ts'

/** CIFAR-10: 50,000 colour images of ten kinds of things to train on and 10,000 to test, 32x32x3. */
export async function readCifar10(folder = 'data/cifar-10-batches-bin'): Promise<Data> {
  const home = 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz'
  const help = `Unpack ${home} to ${folder}, or name the folder of its .bin files with --data.`
  const form = { records: 10_000, labelBytes: 1, labelAt: 0 }
  const files = [1, 2, 3, 4, 5].map((number) => join(folder, `data_batch_${number}.bin`))
  return {
    train: await readCifar(files, form, help),
    test: await readCifar([join(folder, 'test_batch.bin')], form, help),
  }
}

/** How records are: their number in each file, how many labels they begin with, and which of these is the class. */
type CifarForm = { records: number; labelBytes: number; labelAt: number }

export async function readCifar(files: string[], form: CifarForm, help: string): Promise<Samples> {
  const parts = []
  for (const file of files) parts.push(readParsed(file, help, (bytes) => unpackCifar(bytes, form)))
  const labels = Buffer.concat(parts.map((part) => part.labels))
  const inputs = Buffer.concat(parts.map((part) => part.inputs))
  return { inputs, sampleShape: [32, 32, 3], scale: 1 / 255, labels, count: labels.length }
}

/** Labels, and images with channels last: a record has its labels, then 1,024 bytes each of red, green and blue. */
export function unpackCifar(bytes: Uint8Array, { records, labelBytes, labelAt }: CifarForm) {
  const length = labelBytes + 3072
  if (bytes.length !== records * length) throw new Error(`it has ${bytes.length} bytes instead of ${records * length}`)
  const labels = new Uint8Array(records)
  const inputs = new Uint8Array(records * 3072)
  for (let record = 0, to = 0; record < records; record++) {
    labels[record] = bytes[record * length + labelAt]!
    const start = record * length + labelBytes
    for (let pixel = start; pixel < start + 1024; pixel++) {
      for (let plane = 0; plane < 3072; plane += 1024) inputs[to++] = bytes[pixel + plane]!
    }
  }
  return { labels, inputs }
}
