import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Data, Samples } from '../../script/samples.ts'

/** Reads CIFAR-10: 50,000 training and 10,000 test images of ten classes, 32x32x3. */
export async function readCifar10(folder: string, help: string): Promise<Data> {
  const form = { records: 10_000, labelBytes: 1, labelAt: 0 }
  const files = [1, 2, 3, 4, 5].map((number) => join(folder, `data_batch_${number}.bin`))
  return { train: readCifar(files, form, help), test: readCifar([join(folder, 'test_batch.bin')], form, help) }
}

export function readCifar(files: string[], form: CifarForm, help: string): Samples {
  const size = form.records * (form.labelBytes + 3072)
  const damaged = files.find((file) => statSync(file, { throwIfNoEntry: false })?.size !== size)
  if (damaged) throw new Error(`${damaged} is missing or damaged. ${help}`)
  const bytes = Buffer.concat(files.map((file) => readFileSync(file)))
  return unpackCifar(bytes, { ...form, records: form.records * files.length })
}

export type CifarForm = { records: number; labelBytes: number; labelAt: number }

/** Converts records to labels and channels-last images: a record has labels, then 1,024 bytes each of R, G and B. */
export function unpackCifar(bytes: Uint8Array, { records, labelBytes, labelAt }: CifarForm) {
  const length = labelBytes + 3072
  const [labels, inputs] = [new Uint8Array(records), new Uint8Array(records * 3072)]
  for (let record = 0, to = 0; record < records; record++) {
    labels[record] = bytes[record * length + labelAt]!
    const start = record * length + labelBytes
    for (let pixel = start; pixel < start + 1024; pixel++)
      for (let plane = 0; plane < 3072; plane += 1024) inputs[to++] = bytes[pixel + plane]!
  }
  return { labels, inputs, count: records, sampleShape: [32, 32, 3], scale: 1 / 255 }
}
