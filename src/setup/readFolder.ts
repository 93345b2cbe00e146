import { createReadStream } from 'node:fs'
import { readdir, readFile, readlink, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { KnownError } from '../system/knownError.ts'
import { headerName, libraryName, type LibraryPart, type LibraryParts } from './libraryParts.ts'
import { pinnedWheelNamed } from './pinnedWheels.ts'

/** The source that `--from` names: a wheel, or a folder that contains the libraries. */
export type FromSource =
  | { readonly kind: 'wheel'; readonly file: string }
  | { readonly kind: 'folder'; readonly folder: string; readonly layout: 'archive' | 'package' }

/** Determines the kind of source that `--from` names. A folder that contains a wheel counts as the wheel. */
export async function recognizeSource(from: string): Promise<FromSource> {
  const found = await stat(from).catch(() => undefined)
  if (found === undefined) throw badSource(from, 'it does not exist')
  if (!found.isDirectory()) return { kind: 'wheel', file: from }

  for (const folder of [from, join(from, 'tensorflow')]) {
    const names = await readdir(folder).catch(() => [])
    if (names.some((name) => libraryName(name) !== undefined)) return { kind: 'folder', folder, layout: 'package' }
  }
  const lib = await readdir(join(from, 'lib')).catch(() => [])
  if (lib.some((name) => name.startsWith('libtensorflow'))) return { kind: 'folder', folder: from, layout: 'archive' }

  const wheels = (await readdir(from)).filter((name) => /^tensorflow.*\.whl$/.test(name)).toSorted()
  const wheel = wheels.find((name) => pinnedWheelNamed(name) !== undefined) ?? wheels[0]
  if (wheel === undefined) throw badSource(from, 'it contains neither a wheel nor libtensorflow')
  return { kind: 'wheel', file: join(from, wheel) }
}

/** Lists the required files of an installed `tensorflow` package or an unpacked libtensorflow archive. */
export async function openFolder(folder: string, layout: 'archive' | 'package'): Promise<LibraryParts> {
  const parts: LibraryPart[] = []
  for (const file of await listFiles(folder)) {
    const inside = relative(folder, file).split(sep).join('/')
    const isLibrary = layout === 'archive' && /^lib\/libtensorflow[^/]*$/.test(inside)
    const name = isLibrary
      ? inside
      : layout === 'package'
        ? (libraryName(inside) ?? headerName(inside))
        : headerName(inside)
    if (name === undefined) continue
    const link = layout === 'archive' ? await siblingLink(file) : undefined
    parts.push({
      name,
      bytes: link === undefined ? (await stat(file)).size : 0,
      ...(link !== undefined && { link }),
      open: async () => createReadStream(file),
    })
  }
  return { version: await folderVersion(folder, parts), label: basename(folder), parts, close() {} }
}

/** The target of a link in the same folder, by which an archive gives a library several names; otherwise undefined. */
async function siblingLink(file: string): Promise<string | undefined> {
  const target = await readlink(file).catch(() => undefined)
  return target !== undefined && basename(target) === target ? target : undefined
}

/** Lists the files in the folders that may contain a part: a `tensorflow` package has 20,000 other files. */
async function listFiles(folder: string): Promise<readonly string[]> {
  const top = await readdir(folder, { withFileTypes: true })
  const files = top.filter((entry) => !entry.isDirectory()).map(({ name }) => join(folder, name))
  for (const { name } of top.filter((entry) => entry.isDirectory() && /^(?:lib|include)$/.test(entry.name))) {
    const inside = await readdir(join(folder, name), { withFileTypes: true, recursive: true })
    files.push(...inside.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name)))
  }
  return files
}

async function folderVersion(folder: string, parts: readonly LibraryPart[]): Promise<string | undefined> {
  for (const { name } of parts) {
    const suffix = /^lib\/libtensorflow(?:\.so)?\.(\d+\.\d+\.\d+)(?:\.dylib)?$/.exec(name)?.[1]
    if (suffix !== undefined) return suffix
  }
  for (const file of ['release_version.h', 'version.h']) {
    const text = await readFile(join(folder, 'include/tensorflow/core/public', file), 'utf8').catch(() => '')
    const number = (what: string): string | undefined => new RegExp(`define TF_${what}_VERSION (\\d+)`).exec(text)?.[1]
    const version = [number('MAJOR'), number('MINOR'), number('PATCH')]
    if (!version.includes(undefined)) return version.join('.')
  }
  return undefined
}

function badSource(from: string, why: string): KnownError {
  return new KnownError(
    'setup/bad-source',
    `${from} cannot be used: ${why}.`,
    'Pass --from a wheel of `tensorflow` or `tensorflow-cpu`, a folder that contains one, an installed `tensorflow` ' +
      'package, or an unpacked libtensorflow archive with `include/` and `lib/`.',
  )
}
