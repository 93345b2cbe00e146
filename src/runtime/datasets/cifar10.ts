import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { cacheFolder } from './cacheFolder.ts'
import { DataError } from './dataError.ts'
import { type DatasetSplits, type Samples } from './samples.ts'
import { readTar } from './tarArchive.ts'

const cifar10TrainFiles: readonly string[] = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`)
const cifar10TestFiles: readonly string[] = ['test_batch.bin']
const cifar10Archive = 'cifar-10-binary.tar.gz'
const cifar10RecordsInFile = 10000

/**
 * CIFAR-10: 50,000 training and 10,000 test colour images of ten kinds of things, 32 x 32 x 3.
 *
 * @param folder Holds the files of the "binary version" (https://www.cs.toronto.edu/~kriz/cifar.html), or their folder
 *   `cifar-10-batches-bin`, or the archive `cifar-10-binary.tar.gz` as it was downloaded. By default the cache folder.
 * @throws DataError where a file is missing or damaged.
 */
export async function loadCifar10(folder?: string): Promise<DatasetSplits> {
  const from = folder ?? cacheFolder('cifar10')
  const files = await readCifar10Files(from)
  return {
    train: decodeCifar10(files, cifar10TrainFiles, cifar10RecordsInFile),
    test: decodeCifar10(files, cifar10TestFiles, cifar10RecordsInFile),
    classNames: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
  }
}

/**
 * Turns records of 3073 bytes (the label, then 1024 bytes each of red, green and blue) into images with channels last.
 *
 * @param files Each file's content under its name.
 * @param names Which of them to take, in this order.
 * @param recordsInFile How many records each of them must have.
 * @throws DataError where a file has another length, or a label is above 9.
 */
export function decodeCifar10(
  files: ReadonlyMap<string, Uint8Array>,
  names: readonly string[],
  recordsInFile: number,
): Samples {
  const pixels = 1024
  const recordLength = 1 + 3 * pixels
  const count = names.length * recordsInFile
  const inputs = new Uint8Array(count * 3 * pixels)
  const labels = new Uint8Array(count)
  let sample = 0
  for (const name of names) {
    const bytes = files.get(name)
    if (bytes === undefined) throw new DataError(`${name} of CIFAR-10 is missing.`, cifar10Help())
    if (bytes.length !== recordsInFile * recordLength) {
      throw new DataError(
        `${name} is damaged: it has ${bytes.length} bytes where CIFAR-10 has ${recordsInFile} x ${recordLength} = ${recordsInFile * recordLength}.`,
        cifar10Help(),
      )
    }
    for (let record = 0; record < recordsInFile; record++, sample++) {
      const start = record * recordLength
      const label = bytes[start]!
      if (label > 9) {
        throw new DataError(
          `${name} is damaged: record ${record} has the label ${label}, above the last class, 9.`,
          cifar10Help(),
        )
      }
      labels[sample] = label
      const red = start + 1
      for (let pixel = 0, to = sample * 3 * pixels; pixel < pixels; pixel++, to += 3) {
        inputs[to] = bytes[red + pixel]!
        inputs[to + 1] = bytes[red + pixels + pixel]!
        inputs[to + 2] = bytes[red + 2 * pixels + pixel]!
      }
    }
  }
  return { inputs, sampleShape: [32, 32, 3], scale: 1 / 255, labels, count, classes: 10 }
}

/** The six files of records under their names, from wherever in the folder they are. */
async function readCifar10Files(folder: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const names = [...cifar10TrainFiles, ...cifar10TestFiles]
  for (const place of [folder, join(folder, 'cifar-10-batches-bin')]) {
    if (!names.some((name) => existsSync(join(place, name)))) continue
    const found = new Map<string, Uint8Array>()
    for (const name of names) {
      const path = join(place, name)
      if (!existsSync(path)) throw new DataError(`${path} is missing.`, cifar10Help())
      found.set(name, await readFile(path))
    }
    return found
  }
  const archive = join(folder, cifar10Archive)
  if (!existsSync(archive)) {
    throw new DataError(`CIFAR-10 is not in ${folder}: neither its .bin files nor ${cifar10Archive}.`, cifar10Help())
  }
  try {
    const entries = readTar(gunzipSync(await readFile(archive)))
    return new Map(entries.map((entry) => [basename(entry.name), entry.data]))
  } catch (error) {
    throw new DataError(`${archive} is damaged: ${error instanceof Error ? error.message : error}`, cifar10Help())
  }
}

function cifar10Help(): string {
  return (
    `Download https://www.cs.toronto.edu/~kriz/${cifar10Archive} (162 MB) and put it, packed or unpacked, into ` +
    `${cacheFolder('cifar10')}, or name the folder it is in with \`--data FOLDER\`.`
  )
}
