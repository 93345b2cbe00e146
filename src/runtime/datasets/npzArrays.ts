import { existsSync } from 'node:fs'
import { type NpyArray, readNpy } from '../formats/npy.ts'
import { openZip } from '../formats/zip.ts'
import { DataError } from './dataError.ts'

/**
 * Arrays of an NPZ file, which is a zip archive of NPY files, by their names.
 *
 * @throws DataError where the file or one of them is missing or damaged.
 */
export function readNpzArrays(path: string, names: readonly string[]): NpyArray[] {
  if (!existsSync(path))
    throw new DataError(`${path} is missing.`, 'Name the file with `path` of the spec or `--data`.')
  const archive = openZip(path)
  try {
    return names.map((name) => {
      const member = archive.members.find((each) => each.name === `${name}.npy`)
      if (member === undefined) {
        const known = archive.members.map((each) => each.name.replace(/\.npy$/, '')).join(', ')
        throw new DataError(`${path} holds no array ${name}.`, `It holds ${known === '' ? 'none' : known}.`)
      }
      return readNpy(archive.read(member), `${name} of ${path}`)
    })
  } finally {
    archive.close()
  }
}
