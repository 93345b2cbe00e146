/** The loader of images in class folders. */
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

/** The options of an image folder. */
export interface ImageFolderOptions extends ImageForm {
  /** The folder; a run may override it. */
  readonly path: string
  /** The bytes of memory for decoded images: if all fit, each is decoded once, otherwise as many as fit are decoded ahead. */
  readonly memory: number
  /** The fraction of the images that is held out for testing, if there is no folder of test images. */
  readonly testSplit: number
  /** A file with the names of the classes: on each line a folder, then the name of its class. */
  readonly classNames?: string
}

/**
 * Loads images in class folders, in `train` and `test` or `val`, or directly in the folder. Pixels are decoded while the
 * engine computes. The order is random but fixed, so each part of it has all classes.
 *
 * @param folder Overrides the path of the options.
 * @throws KnownError if there are no images, or the package `sharp` is not installed.
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
  if (splitAt === all.count) return { train: all, ...rest }
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

/** Returns the names of the classes: those of their folders, or from a file such as ImageNet's `LOC_synset_mapping.txt`. */
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
