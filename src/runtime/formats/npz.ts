/** Reads single arrays from NPZ archives of NumPy. */
import { existsSync } from 'node:fs'
import { unreadableData } from '../../system/knownError.ts'
import { nodeHost } from '../../system/nodeHost.ts'
import { type NpyArray, NpyElements, type NpyFloats, npyHeadBytes, type NpyTarget, readNpyHeader } from './npy.ts'
import { readZipDirectory, readZipMember, type ZipMember } from './zip.ts'
import { readZipPieces } from './zipPieces.ts'
import { refuseTooLarge } from '../data/memoryForecast.ts'

/**
 * Reads an array of an NPZ file, a zip archive of NPY files, by its name. Takes no more memory than the array in its
 * final type.
 *
 * @param target The type that elements other than bytes become.
 * @throws KnownError if the file or the array is missing or damaged.
 */
export async function readNpzArray<Floats extends NpyFloats>(
  path: string,
  name: string,
  target: NpyTarget<Floats>,
): Promise<NpyArray<Floats>> {
  const members = membersOf(path)
  const member = members.find((each) => each.name === `${name}.npy`)
  if (member === undefined) {
    const known = members.map((each) => each.name.replace(/\.npy$/, '')).join(', ')
    throw unreadableData(
      `${path} has no array ${name}.`,
      `${known === '' ? 'It has no arrays' : `Its arrays are ${known}`}.`,
    )
  }
  const called = `${name} of ${path}`
  const allow = (bytes: number): void => refuseTooLarge(bytes, `The numbers in ${called}`)
  const header = readNpyHeader(readZipMember(nodeHost, path, member, npyHeadBytes), called)
  const elements = new NpyElements(header, member.length, called, target, allow)
  await readZipPieces(path, member, (piece) => elements.push(piece))
  return elements.end()
}

/** Lists the names of the arrays in an NPZ file. */
export function listNpzArrays(path: string): string[] {
  return membersOf(path).map(({ name }) => name.replace(/\.npy$/, ''))
}

function membersOf(path: string): ZipMember[] {
  if (!existsSync(path)) {
    throw unreadableData(
      `There is no file ${path}.`,
      'Put it there, or set another one with `path` of the dataset or with `--data`.',
    )
  }
  return readZipDirectory(nodeHost, path)
}
