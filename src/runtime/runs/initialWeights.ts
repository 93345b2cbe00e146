/** Starts a network from trained weights: reads the file that an experiment names, and assigns its arrays to the layers. */
import type * as tf from '@tensorflow/tfjs'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { formatShape } from '../../language/dims.ts'
import { readableType, arraysOfLayer, type NamedShape } from '../../language/savedArrays.ts'
import { assignValues } from '../../script/weightValues.ts'
import { isThere } from '../../system/host.ts'
import { KnownError, unreadableData } from '../../system/knownError.ts'
import { nodeHost } from '../../system/nodeHost.ts'
import { fileSizeLimits, readWholeFile } from '../../system/regularFile.ts'
import { modelFiles, runFiles } from '../../system/runFiles.ts'
import type { ArrayPlace } from '../formats/arrayPlaces.ts'
import { readWeightsHeader } from '../formats/weightsHeader.ts'
import { type InitialWeights } from '../training/experiment.ts'
import { decodeTensorFile, DamagedFileError, isChecksummed } from './tensorFile.ts'
import { openRunFiles, readVerified, readVerifiedRecord } from './verifiedFiles.ts'

/** An array of trained weights. */
export interface ReadArray extends NamedShape {
  readonly values: Float32Array
}

export interface ReadWeights {
  readonly arrays: readonly ReadArray[]
  /** The SHA-256 of the file that contains the numbers. */
  readonly sha256: string
}

/**
 * Reads all arrays of a file of weights.
 *
 * @throws KnownError if it is missing or damaged.
 */
export async function readInitialWeights({ from }: Pick<InitialWeights, 'from'>): Promise<ReadWeights> {
  if (!isThere(nodeHost, from)) {
    throw unreadableData(`${from} was not found, whose weights training starts from.`, 'Check the path in `weights`.')
  }
  const { file, arrays } = readWeightsHeader(nodeHost, from)
  const content = await readVerifiedFile(from, file)
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { arrays: arrays.flatMap((array) => numbersOf(array, content, file)), sha256 }
}

/** Reads a file with its checksum, if it has one. */
async function readVerifiedFile(from: string, file: string): Promise<Uint8Array> {
  if (existsSync(join(from, runFiles.manifest))) {
    const run = await openRunFiles(from)
    await readVerified(run, `${runFiles.model}/${modelFiles.topology}`)
    const content = await readVerified(run, `${runFiles.model}/${basename(file)}`)
    if (content) return content
  }
  const content = await readWholeFile(file, fileSizeLimits.data)
  try {
    if (file === from && isChecksummed(content)) decodeTensorFile(content)
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw error
    throw unreadableData(`${file} is damaged: ${error.message}.`, 'Copy or export it again.')
  }
  return content
}

/** The numbers of an array; nothing for those that are not numbers in single precision, which no layer has. */
function numbersOf({ name, shape, type, start, length }: ArrayPlace, content: Uint8Array, file: string): ReadArray[] {
  if (type !== readableType) return []
  // A copy, since in memory numbers must begin at a multiple of their size.
  const bytes = new Uint8Array(content.subarray(start, start + length))
  const size = shape.reduce((product, side) => product * side, 1)
  if (bytes.length === 4 * size) return [{ name, shape, values: new Float32Array(bytes.buffer, 0, size) }]
  throw unreadableData(`${file} is damaged: \`${name}\` is not complete.`, 'Copy or export it again.')
}

/**
 * Gives the layers of a model their trained weights, bit for bit.
 *
 * @throws KnownError if the file lacks a layer, or one has other shapes.
 */
export function assignInitialWeights(model: tf.LayersModel, { from, layers }: InitialWeights, read: ReadWeights): void {
  for (const name of layers) {
    const { weights } = model.getLayer(name)
    const needed = weights.map(({ originalName, shape }) => ({
      name: originalName.slice(name.length + 1),
      shape: shape as number[],
    }))
    const own = arraysOfLayer(name, needed, read.arrays)
    const show = (arrays: readonly NamedShape[]) => arrays.map(({ shape }) => formatShape(shape)).join(', ')
    if (show(own) !== show(needed)) {
      const found = own.length === 0 ? 'has no weights for it' : `has ${show(own)}`
      throw unreadableData(
        `The layer ${name} needs weights of the shapes ${show(needed)}, but ${from} ${found}.`,
        'Change the layer, or start it from its initial weights: `except` in `weights`.',
      )
    }
    for (const [index, weight] of weights.entries()) assignValues(weight.read() as tf.Variable, own[index]!.values)
  }
}

/**
 * Checks that a run which starts from the beginning again starts from the same weights.
 *
 * @throws KnownError if they have changed.
 */
export async function requireSameWeights(folder: string, { sha256 }: ReadWeights): Promise<void> {
  const record = await readVerifiedRecord<{ readonly weights?: { readonly from: string; readonly sha256: string } }>(
    await openRunFiles(folder),
    runFiles.environment,
    { 'weights?': { from: 'string', sha256: 'string' } },
  )
  const before = record?.weights
  if (before === undefined || before.sha256 === sha256) return
  throw new KnownError(
    'run',
    `${folder} cannot be resumed: it has no checkpoint, and the weights in ${before.from} that it started from have changed.`,
    'Restore them, or start a new run.',
  )
}
