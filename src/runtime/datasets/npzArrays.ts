import { existsSync } from 'node:fs'
import { type NpyArray, readNpy } from '../formats/npy.ts'
import { openZip, type ZipArchive } from '../formats/zip.ts'
import { DataError } from './dataError.ts'

/**
 * Arrays of an NPZ file, which is a zip archive of NPY files, by their names.
 *
 * @throws DataError where the file or one of them is missing or damaged.
 */
export function readNpzArrays(path: string, names: readonly string[]): NpyArray[] {
  return useNpz(path, (archive) =>
    names.map((name) => {
      const member = archive.members.find((each) => each.name === `${name}.npy`)
      if (member === undefined) {
        const known = archive.members.map((each) => each.name.replace(/\.npy$/, '')).join(', ')
        throw new DataError(`${path} holds no array ${name}.`, `It holds ${known === '' ? 'none' : known}.`)
      }
      return readNpy(archive.read(member), `${name} of ${path}`)
    }),
  )
}

/** The names of the arrays of an NPZ file. */
export function listNpzArrays(path: string): string[] {
  return useNpz(path, ({ members }) => members.map(({ name }) => name.replace(/\.npy$/, '')))
}

function useNpz<Result>(path: string, use: (archive: ZipArchive) => Result): Result {
  if (!existsSync(path)) {
    throw new DataError(
      `There is no file ${path}.`,
      'Put it there, or name it with `path` of the dataset, or with `--data`.',
    )
  }
  const archive = openZip(path)
  try {
    return use(archive)
  } finally {
    archive.close()
  }
}
