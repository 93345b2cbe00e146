/** Probes a folder of images: the names of its class folders, and the size of the first image. */
import { GIF } from 'image-size/types/gif'
import { helpOnPath } from './describeFiles.ts'
import { JPG } from 'image-size/types/jpg'
import { PNG } from 'image-size/types/png'
import { WEBP } from 'image-size/types/webp'
import { countOf } from '../../diagnostics/formatCount.ts'
import { isThere, listFolder, readHead, type Host } from '../../system/host.ts'
import { isKnownError } from '../../system/knownError.ts'
import { joinPaths } from '../../system/paths.ts'
import type { DatasetFacts, DatasetProblem, FileProbe } from '../../language/datasetDef.ts'

export interface ImageFolderFacts extends DatasetFacts {
  /** Height and width of the first image. */
  readonly size?: readonly [number, number]
}

/**
 * Describes a folder of images by its class folders.
 *
 * @param wantsSize Whether the spec does not state the size of the images, so that the header of one is read.
 */
export function describeImageFolder({ host, isWhole }: FileProbe, path: string, wantsSize: boolean): ImageFolderFacts {
  if (!isThere(host, path)) return { problems: [missingFolder(path, wantsSize)] }
  try {
    const folder = findTrainingFolder(host, path)
    const classNames = foldersIn(host, folder)
    if (classNames.length === 0) return { problems: [noClasses(folder)] }
    const probed = probeClasses(host, folder, classNames)
    const empty = probed.filter(({ image }) => image === undefined).map(({ path: inside }) => inside)
    const problems = [
      ...(folder === path ? [] : findStrayClasses(host, path, classNames)),
      ...(empty.length === 0 ? [] : [noImages(empty)]),
    ]
    const known = {
      classNames,
      classes: classNames.length,
      ...(folder !== path && hasValidation(host, path) && { hasValidation: true }),
    }
    if (problems.length > 0) return { ...known, problems }
    const image = wantsSize ? probed[0]?.image : undefined
    const { size, problems: unread = [] } = image === undefined ? {} : sizeOf(host, image)
    const found = [...unread, ...(isWhole ? findSkipped(host, path, folder) : [])]
    return { ...known, ...(size && { size }), ...(found.length > 0 && { problems: found }) }
  } catch (error) {
    return { problems: [unreadable(path, error)] }
  }
}

/** The folder of the training images, as in `findImageSplits` of the runtime: `train`, if it contains class folders. */
function findTrainingFolder(host: Host, path: string): string {
  const train = foldersIn(host, path).find((name) => ['train', 'training'].includes(name.toLowerCase()))
  return train !== undefined && foldersIn(host, joinPaths(path, train)).length > 0 ? joinPaths(path, train) : path
}

/** Finds class folders for validation or testing that are not among the training classes. */
function findStrayClasses(host: Host, path: string, classNames: readonly string[]): DatasetProblem[] {
  return heldOutFolders(host, path).flatMap((folder) => {
    const strays = foldersIn(host, folder).filter((name) => !classNames.includes(name))
    return strays.slice(0, 1).map((name) => strayClass(joinPaths(folder, name), classNames))
  })
}

const validationNames: ReadonlySet<string> = new Set(['val', 'valid', 'validation'])
const heldOutNames: ReadonlySet<string> = new Set([...validationNames, 'test', 'testing'])

/** The folders of validation and test images next to the training folder, as in `findImageSplits`. */
function heldOutFolders(host: Host, path: string): string[] {
  const names = foldersIn(host, path).filter((name) => heldOutNames.has(name.toLowerCase()))
  return names.map((name) => joinPaths(path, name))
}

/** Counts the images in formats that are not read. */
function findSkipped(host: Host, path: string, folder: string): DatasetProblem[] {
  const splits = folder === path ? [path] : [folder, ...heldOutFolders(host, path)]
  const classFolders = splits.flatMap((split) => foldersIn(host, split).map((name) => joinPaths(split, name)))
  const skipped = classFolders.flatMap((one) => [...filesIn(host, one)]).filter((file) => otherFormats.test(file))
  return skipped.length === 0 ? [] : [skippedImages(skipped)]
}

const otherFormats = /\.(avif|bmp|gif|hei[cf]|jfif|tiff?)$/i

/** Lists the files in a folder and its subfolders, without hidden ones. */
function* filesIn(host: Host, path: string): Generator<string> {
  for (const { name, kind } of listFolder(host, path)) {
    if (kind === 'folder') yield* filesIn(host, joinPaths(path, name))
    else if (!name.startsWith('.')) yield joinPaths(path, name)
  }
}

/** Finds the first image of each class folder. Of many classes, only the first are probed, because each takes time. */
function probeClasses(host: Host, folder: string, classNames: readonly string[]) {
  const paths = classNames.slice(0, mostClassesProbed).map((name) => joinPaths(folder, name))
  return paths.map((path) => ({ path, image: firstImageIn(host, path) }))
}

const mostClassesProbed = 50

/** Whether there is a validation folder next to the training folder, as in `findImageSplits`. */
function hasValidation(host: Host, path: string): boolean {
  return foldersIn(host, path).some((name) => validationNames.has(name.toLowerCase()))
}

function foldersIn(host: Host, path: string): string[] {
  const entries = [...listFolder(host, path)].filter(({ kind }) => kind === 'folder' || kind === 'link')
  const names = entries.map(({ name }) => name)
  return names.filter((name) => !name.startsWith('.')).toSorted()
}

/** The first image in a folder. Stops reading the folder there, because it may have thousands. */
function firstImageIn(host: Host, path: string): string | undefined {
  for (const { name, kind } of listFolder(host, path)) {
    if (/^[^.].*\.(png|jpe?g|webp)$/i.test(name)) return joinPaths(path, name)
    const within = kind === 'folder' ? firstImageIn(host, joinPaths(path, name)) : undefined
    if (within !== undefined) return within
  }
  return undefined
}

function sizeOf(host: Host, path: string): Pick<ImageFolderFacts, 'size' | 'problems'> {
  try {
    const { width, height, orientation = 1 } = measureImage(readHead(host, path, headerBytes))
    if (width * height > mostPixels) return { problems: [tooManyPixels(path, width, height)] }
    // EXIF orientations from 5 on are rotated by 90°, which swaps width and height.
    return { size: orientation >= 5 ? [width, height] : [height, width] }
  } catch (error) {
    return { problems: [unreadable(path, error)] }
  }
}

/** The formats of images in folders. A GIF file counts by its content, because sharp reads it under any name. */
const formats = [PNG, JPG, WEBP, GIF]

function measureImage(head: Uint8Array) {
  const format = formats.find(({ validate }) => validate(head))
  if (format === undefined) throw new TypeError('unsupported file type')
  return format.calculate(head)
}

/** The largest number of pixels that sharp decodes: 0x3FFF squared. */
const mostPixels = 268_402_689

function tooManyPixels(path: string, width: number, height: number): DatasetProblem {
  return {
    code: 'data/unreadable',
    option: 'path',
    message: `${path} is ${height}x${width}, but images can have at most 268 million pixels`,
    help: 'replace or remove it',
  }
}

/** The number of bytes to read for the size of an image, which may follow EXIF data with a thumbnail and a color profile. */
const headerBytes = 512 * 1024

function missingFolder(path: string, wantsSize: boolean): DatasetProblem {
  const begins = helpOnPath(path)
  if (wantsSize) {
    return {
      code: 'data/unknown-shape',
      option: 'path',
      message: `the folder ${path} was not found and \`size\` is not set, so the shape of the images is unknown`,
      help: `${begins}; with \`size: [height, width]\` the network can be checked without the images`,
    }
  }
  return {
    code: 'data/not-found',
    severity: 'hint',
    option: 'path',
    message: `the folder ${path} was not found, so its classes are unknown`,
    help: begins,
  }
}

function noClasses(folder: string): DatasetProblem {
  return {
    code: 'data/no-images',
    option: 'path',
    message: `${folder} contains no class folders`,
    help: 'put the images of each class in a folder: `cats/1.jpg`, `dogs/1.jpg`',
  }
}

function strayClass(folder: string, classNames: readonly string[]): DatasetProblem {
  const listed = classNames.slice(0, 10).join(', ')
  return {
    code: 'data/no-images',
    option: 'path',
    message: `there are no training images for the class folder ${folder}`,
    help: `the training classes are ${listed}${classNames.length > 10 ? ', …' : ''}; move the folder, or add training images of its class`,
  }
}

function noImages([first, ...others]: readonly string[]): DatasetProblem {
  const more = others.length === 0 ? '' : ` and ${countOf(others.length, 'other class folder')}`
  return {
    code: 'data/no-images',
    option: 'path',
    message: `${first}${more} ${others.length === 0 ? 'contains' : 'contain'} no PNG, JPEG or WebP images`,
    help: 'add images of the class, or remove the folder',
  }
}

function skippedImages(files: readonly string[]): DatasetProblem {
  const such = files.length === 1 ? 'is skipped' : 'are skipped'
  return {
    code: 'data/skipped-images',
    option: 'path',
    message: `${countOf(files.length, 'image')} in another format than PNG, JPEG or WebP ${such}, such as ${files[0]}`,
    help: 'convert them to PNG or JPEG, or remove them',
  }
}

function unreadable(path: string, error: unknown): DatasetProblem {
  const reason = error instanceof Error ? error.message : String(error)
  return {
    code: 'data/unreadable',
    option: 'path',
    message: isKnownError(error) ? reason.replace(/\.$/, '') : `${path} cannot be read: ${reason}`,
    help: 'repair or remove it',
  }
}
