/** Records the data of a sweep by size and checksum, and refuses to train a trial on changed data or from a changed spec. */
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { lookUp } from '../../language/schema.ts'
import { datasetTable } from '../../parts/datasets/table.ts'
import { KnownError } from '../../system/knownError.ts'
import { fileSizeLimits, readRegularFile } from '../../system/regularFile.ts'
import { runFiles } from '../../system/runFiles.ts'
import { fileFailure } from '../../system/systemError.ts'
import type { Spec } from '../../validation/spec.ts'
import { type DataRecord, readSweepRecord, sweepFiles } from './sweepFiles.ts'

/**
 * The files and folders that an analyzed spec names as its data, and the weights to start from. Published datasets without a path have none: their readers
 * verify them.
 */
export function dataPathsOf({ dataset, weights }: Spec): string[] {
  const ofWeights = weights === undefined ? [] : [fileOfWeights(weights.from)]
  if (dataset === undefined) return ofWeights
  const { type, options } = dataset
  const { paths = ['path'] } = lookUp(datasetTable, type)
  const ofDataset = paths.flatMap((option) => (typeof options[option] === 'string' ? [options[option]] : []))
  return [...ofDataset, ...ofWeights]
}

/** What training reads of the weights that a spec starts from: of a run, its model, since reports may be added to the run. */
function fileOfWeights(path: string): string {
  const model = join(path, runFiles.model)
  return existsSync(model) ? model : path
}

/**
 * Records files and folders by size and checksum.
 *
 * @param folder The sweep folder, at which the recorded paths start.
 */
export async function recordData(paths: Iterable<string>, folder: string): Promise<DataRecord[]> {
  const records: DataRecord[] = []
  for (const path of [...new Set(paths)].toSorted()) {
    const state = await readState(path)
    if (state === undefined) throw new KnownError('data/unreadable', `${path} was not found`, 'check the path')
    records.push({ path: isAbsolute(path) ? path : relative(folder, path), ...state })
  }
  return records
}

/**
 * Checks the frozen spec and the data of a trial before it is trained. Other run folders are not checked.
 *
 * @throws KnownError if one of them has changed since the sweep began.
 */
export async function verifyTrial(folder: string): Promise<void> {
  const sweep = dirname(dirname(resolve(folder)))
  const isTrial = basename(dirname(resolve(folder))) === sweepFiles.trials && existsSync(join(sweep, sweepFiles.record))
  if (!isTrial) return
  const { trials, data } = await readSweepRecord(sweep)
  const number = Number(basename(resolve(folder)))
  const id = trials.find((trial) => trial.number === number)?.id
  const spec = join(folder, runFiles.spec)
  if (id !== undefined && existsSync(spec) && digestOf(readRegularFile(spec, fileSizeLimits.spec)) !== id) {
    const help =
      'A frozen spec must stay as it is, so that its results can be compared. Restore it, or change the sweep file and use --resume, which adds trials.'
    throw new KnownError('usage', `${spec} was changed after the sweep began`, help)
  }
  for (const { path, size, sha256, files } of data) {
    const place = resolve(sweep, path)
    const now = await readState(place, size)
    if (now?.sha256 === sha256 && now.size === size) continue
    const was = `${size} bytes${files === undefined ? '' : ` in ${files} files`}, sha256 ${sha256.slice(0, 12)}…`
    const is = now === undefined ? 'it is missing' : describeState(now, size)
    const help = 'Trials on different data cannot be compared. Restore the data, or begin a new sweep with --name.'
    throw new KnownError('usage', `${place} has changed since the sweep began: it had ${was}; ${is}`, help)
  }
}

function describeState({ size, files, sha256 }: DataState, before: number): string {
  const place = files === undefined ? '' : ` in ${files} files`
  return size === before ? `now it has the sha256 ${sha256.slice(0, 12)}…` : `now it has ${size} bytes${place}`
}

export function digestOf(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex')
}

type DataState = Omit<DataRecord, 'path'>

/**
 * @param expected The expected size of a file: one of another size is not read.
 * @returns Undefined if there is nothing at this path.
 */
async function readState(path: string, expected?: number): Promise<DataState | undefined> {
  try {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined) return undefined
    if (!found.isDirectory()) {
      const isOther = expected !== undefined && found.size !== expected
      return { size: found.size, sha256: isOther ? '' : await digestOfFile(path) }
    }
    const hash = createHash('sha256')
    const files = listFiles(path)
    let size = 0
    for (const file of files) {
      hash.update(`${await digestOfFile(join(path, file))}  ${file}\n`)
      size += statSync(join(path, file)).size
    }
    return { size, sha256: hash.digest('hex'), files: files.length }
  } catch (error) {
    const why = fileFailure(error)
    if (why === undefined) throw error
    throw new KnownError('data/unreadable', `${path} cannot be read: ${why}`, 'check the permissions of the data', {
      cause: error,
    })
  }
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(piece as Buffer)
  return hash.digest('hex')
}

/** The files below a folder, as sorted paths with `/`. Links are followed to files, not to folders, which may form a cycle. */
function listFiles(folder: string, below = ''): string[] {
  const entries = readdirSync(join(folder, below), { withFileTypes: true })
  const files = entries.flatMap((entry) => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) return listFiles(folder, path)
    const isFile =
      entry.isFile() ||
      (entry.isSymbolicLink() && statSync(join(folder, path), { throwIfNoEntry: false })?.isFile() === true)
    return isFile ? [path] : []
  })
  return below === '' ? files.toSorted() : files
}
