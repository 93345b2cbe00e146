import { randomBytes } from 'node:crypto'
import { readdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { cacheRoot } from '../system/cacheRoot.ts'
import { createFolder } from '../system/createFolder.ts'

/** The source of libtensorflow. `unknown`: it is not from this cache but, for example, from tfjs-node's own install. */
export type NativeSource = 'official' | 'wheel' | 'folder' | 'unknown'

/** The content of `source.json` in a folder of libraries. */
export interface LibraryRecord {
  /** The version of libtensorflow, such as `2.15.1`. */
  readonly version: string
  readonly source: NativeSource
  /** The name of the wheel or folder. */
  readonly from: string
  /** The SHA-256 of the wheel, if the source was a wheel. */
  readonly sha256?: string
  /** The time of its installation, in ISO 8601. */
  readonly installed: string
  /** The size of each library in `lib/`. A folder in which a size differs is not used. */
  readonly libraries: Readonly<Record<string, number>>
}

/** A complete folder of libraries in the cache: `include/`, `lib/`, `addons/`, `source.json`. */
export interface CachedLibraries extends LibraryRecord {
  readonly folder: string
}

/** `native/` in the given folder, in `$SHAPEWRIGHT_CACHE`, or in the user's cache folder. */
export function nativeCacheFolder(cacheFolder: string | undefined): string {
  return join(cacheFolder === undefined || cacheFolder === '' ? cacheRoot() : resolve(cacheFolder), 'native')
}

/** The folder of a version. Its name contains the platform, because machines may share a home folder. */
export function librariesFolder(native: string, version: string): string {
  return join(native, `${version}-${process.platform}-${process.arch}`)
}

/** The path of the addon for these libraries. Node-API is stable, so its version is in the path instead of Node's. */
export function cachedAddonPath(libraries: string, moduleVersion: string, napi: number): string {
  return join(libraries, 'addons', `tfjs-node-${moduleVersion}-napi-v${napi}`, 'tfjs_binding.node')
}

/** Lists the complete libraries in the cache for this platform, the newest first. */
export async function listCachedLibraries(native: string): Promise<readonly CachedLibraries[]> {
  const suffix = `-${process.platform}-${process.arch}`
  const names = await readdir(native).catch(() => [])
  const found: CachedLibraries[] = []
  for (const name of names) {
    if (!name.endsWith(suffix) || name.startsWith('tmp-')) continue
    const cached = await readLibraries(join(native, name))
    if (cached !== undefined) found.push(cached)
  }
  return found.toSorted((a, b) => b.installed.localeCompare(a.installed))
}

/** Reads the record of a folder in the cache; undefined unless all libraries have their full size. */
export async function readLibraries(folder: string): Promise<CachedLibraries | undefined> {
  try {
    const record = JSON.parse(await readFile(join(folder, 'source.json'), 'utf8')) as LibraryRecord
    for (const [name, bytes] of Object.entries(record.libraries)) {
      if ((await stat(join(folder, 'lib', name))).size !== bytes) return undefined
    }
    await stat(join(folder, 'include', 'tensorflow', 'c', 'c_api.h'))
    return { ...record, folder }
  } catch {
    return undefined
  }
}

/** Writes `source.json`, which marks a folder of libraries as complete. */
export async function writeRecord(folder: string, record: Omit<LibraryRecord, 'libraries'>): Promise<void> {
  const libraries: Record<string, number> = {}
  for (const name of (await readdir(join(folder, 'lib'))).toSorted()) {
    libraries[name] = (await stat(join(folder, 'lib', name))).size
  }
  await writeFile(join(folder, 'source.json'), `${JSON.stringify({ ...record, libraries }, undefined, 2)}\n`)
}

/** Creates a folder for unfinished work. Its name contains host and process, so a later run can check whether it is abandoned. */
export async function makeTemporaryFolder(native: string): Promise<string> {
  const folder = join(native, `tmp-${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`)
  createFolder(folder)
  return folder
}

/** Deletes the temporary folders of killed runs. Returns the number of folders. */
export async function cleanLeftovers(native: string): Promise<number> {
  let cleaned = 0
  for (const name of await readdir(native).catch(() => [])) {
    const owner = /^tmp-(.+)-(\d+)-[0-9a-f]{8}$/.exec(name)
    if (owner === null || !(await isAbandoned(join(native, name), owner[1] ?? '', Number(owner[2])))) continue
    await removeFolder(join(native, name))
    cleaned++
  }
  return cleaned
}

async function isAbandoned(folder: string, host: string, pid: number): Promise<boolean> {
  if (host !== hostname()) {
    // The process is on another machine that shares the home folder, so decide by the age of the folder.
    const day = 24 * 60 * 60 * 1000
    return stat(folder).then(
      ({ mtimeMs }) => Date.now() - mtimeMs > day,
      () => false,
    )
  }
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** Moves a finished folder to its place. An older folder is first moved to `temporary`, which is deleted at the end. */
export async function putInPlace(finished: string, place: string, temporary: string): Promise<void> {
  createFolder(dirname(place))
  const old = join(temporary, `old-${randomBytes(4).toString('hex')}`)
  await rename(place, old).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  await rename(finished, place)
}

/** Deletes a folder. Retries, because the compiler of a killed run may still write to it. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 })
}

/** The free bytes for this user on the disk of a folder, which need not exist yet. */
export async function freeSpace(folder: string): Promise<number> {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const { bavail, bsize } = await statfs(at)
      return bavail * bsize
    } catch (error) {
      if (dirname(at) === at) throw error
    }
  }
}
