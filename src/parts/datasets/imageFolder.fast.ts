import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { unreadableData } from '../../system/knownError.ts'
import { shuffledIndices } from '../../script/random.ts'
import { type ClassFolders, imageFolderHelp, listClassFolders } from '../../runtime/data/classFolders.ts'
import { findImageSplits } from '../../script/imageFiles.ts'
import { fileSizeLimits, readWholeFile } from '../../system/regularFile.ts'
import { createImageDecoder } from '../../runtime/data/decodeImage.ts'
import type { ImageForm } from '../../script/decodeImage.ts'
import { DecodedImages } from '../../runtime/data/decodedImages.ts'
import { type DatasetSplits, type Samples, sliceSamples } from '../../runtime/data/samples.ts'

/** What is to be made of a folder of images. */
export interface ImageFolderOptions extends ImageForm {
  /** Where the folder is, unless a run says otherwise. */
  readonly path: string
  /** Bytes that decoded images may take: where all fit, each is decoded once, else as many as fit are decoded ahead. */
  readonly memory: number
  /** The part of the images that is kept for testing, where there is no folder of images to test on. */
  readonly testSplit: number
  /** A file that says what the names of the folders mean: the folder, then its name, a line each. */
  readonly classNames?: string
}

/**
 * Images in folders, one for each class, under `train` and `test` or `val`, or without these. Their pixels are decoded
 * while the engine computes; their order is random, and always the same, so that every part of it has all classes.
 *
 * @param folder In place of the options' own path.
 * @throws KnownError where there are no images, or the package `sharp` is not installed.
 */
export async function loadImageFolder(options: ImageFolderOptions, folder = options.path): Promise<DatasetSplits> {
  if (!existsSync(folder)) throw unreadableData(`There is no folder ${folder}.`, imageFolderHelp)
  const found = findImageSplits(folder)
  const train = listClassFolders(found.train)
  const { classes } = train
  if (train.files.length === 0)
    throw unreadableData(`${found.train} contains no images in class folders.`, imageFolderHelp)
  const validation = found.validation === undefined ? undefined : listClassFolders(found.validation, classes)
  const test = found.test === undefined ? undefined : listClassFolders(found.test, classes)
  const total = [train, validation, test].reduce((sum, part) => sum + (part?.files.length ?? 0), 0)
  const decode = await createImageDecoder(options)
  const samplesOf = (part: ClassFolders) => streamSamples(part, options, decode, total)
  const names = await readClassNames(options.classNames, folder, classes)
  const all = samplesOf(train)
  const rest = { classNames: names, ...(validation && { validation: samplesOf(validation) }) }
  const tested = test ?? validation
  if (tested) return { train: all, test: samplesOf(tested), ...rest }
  const splitAt = Math.max(1, Math.round(all.count * (1 - options.testSplit)))
  return { train: sliceSamples(all, 0, splitAt), test: sliceSamples(all, splitAt, all.count), ...rest }
}

function streamSamples(
  { classes, files, labels }: ClassFolders,
  { size: [height, width], channels, memory }: ImageFolderOptions,
  decode: (path: string) => Promise<Uint8Array>,
  total: number,
): Samples {
  const count = files.length
  const order = shuffledIndices(count, 0, 0)
  return {
    inputs: new DecodedImages({
      paths: Array.from(order, (file) => files[file]!),
      size: height * width * channels,
      memory: (memory * count) / total,
      decode,
    }),
    sampleShape: [height, width, channels],
    scale: 1 / 255,
    labels: Int32Array.from(order, (file) => labels[file]!),
    count,
    classes: classes.length,
    origin: (sample) => ({ file: files[order[sample]!]! }),
  }
}

/** The names of the classes: those of their folders, or what a file such as ImageNet's `LOC_synset_mapping.txt` calls them. */
async function readClassNames(
  file: string | undefined,
  folder: string,
  classes: readonly string[],
): Promise<readonly string[]> {
  if (file === undefined) return classes
  const path = [join(folder, file), file].find((place) => existsSync(place))
  if (path === undefined) {
    throw unreadableData(
      `The file with the class names, ${file}, is neither in ${folder} nor in the current folder.`,
      imageFolderHelp,
    )
  }
  const text = (await readWholeFile(path, fileSizeLimits.text)).toString('utf8')
  const named = new Map(
    text.split('\n').flatMap((line) => {
      const [, of, name] = /^(\S+)\s+(\S.*?)\s*$/.exec(line) ?? []
      return of === undefined ? [] : [[of, name!] as const]
    }),
  )
  return classes.map((one) => named.get(one) ?? one)
}
