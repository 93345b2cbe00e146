import { randomBytes } from 'node:crypto'
import { readdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { cacheRoot } from '../system/cacheRoot.ts'
import { createFolder } from '../system/createFolder.ts'

/** Where libtensorflow was taken from. `unknown`: not through this cache, for instance by tfjs-node's own install. */
export type NativeSource = 'official' | 'wheel' | 'folder' | 'unknown'

/** What `source.json` in a folder of libraries says. */
export interface LibraryRecord {
  /** The version of libtensorflow, such as `2.15.1`. */
  readonly version: string
  readonly source: NativeSource
  /** The name of the wheel or folder. */
  readonly from: string
  /** SHA-256 of the wheel, where it was one. */
  readonly sha256?: string
  /** When it was put here, as ISO 8601. */
  readonly installed: string
  /** Each library in `lib/`, and its size: a folder that lacks a byte is not used. */
  readonly libraries: Readonly<Record<string, number>>
}

/** A complete folder of libraries in the cache: `include/`, `lib/`, `addons/`, `source.json`. */
export interface CachedLibraries extends LibraryRecord {
  readonly folder: string
}

/** `native/` in the folder given, else in `$SHAPEWRIGHT_CACHE`, else in the user's cache folder. */
export function nativeCacheFolder(cacheFolder: string | undefined): string {
  return join(cacheFolder === undefined || cacheFolder === '' ? cacheRoot() : resolve(cacheFolder), 'native')
}

/** The folder for one version. A home folder may be shared by machines, so the platform is in its name. */
export function librariesFolder(native: string, version: string): string {
  return join(native, `${version}-${process.platform}-${process.arch}`)
}

/** The addon built against these libraries; Node-API is stable, so its version stands for that of Node. */
export function cachedAddonPath(libraries: string, moduleVersion: string, napi: number): string {
  return join(libraries, 'addons', `tfjs-node-${moduleVersion}-napi-v${napi}`, 'tfjs_binding.node')
}

/** The complete libraries in the cache that suit this machine, the one put there last first. */
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

/** The libraries in a folder of the cache; undefined unless all of them are there in full size. */
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

/** Writes the record that completes a folder of libraries. */
export async function writeRecord(folder: string, record: Omit<LibraryRecord, 'libraries'>): Promise<void> {
  const libraries: Record<string, number> = {}
  for (const name of (await readdir(join(folder, 'lib'))).toSorted()) {
    libraries[name] = (await stat(join(folder, 'lib', name))).size
  }
  await writeFile(join(folder, 'source.json'), `${JSON.stringify({ ...record, libraries }, undefined, 2)}\n`)
}

/** A new folder in the cache for unfinished work. Its name says whose it is, so that a later run knows if it is dead. */
export async function makeTemporaryFolder(native: string): Promise<string> {
  const folder = join(native, `tmp-${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`)
  createFolder(folder)
  return folder
}

/** Deletes what killed runs left behind. Gives the number of folders. */
export async function cleanLeftovers(native: string): Promise<number> {
  let cleaned = 0
  for (const name of await readdir(native).catch(() => [])) {
    const owner = /^tmp-(.+)-(\d+)-[0-9a-f]{8}$/.exec(name)
    if (owner === null || !(await isDead(join(native, name), owner[1] ?? '', Number(owner[2])))) continue
    await removeFolder(join(native, name))
    cleaned++
  }
  return cleaned
}

async function isDead(folder: string, host: string, pid: number): Promise<boolean> {
  if (host !== hostname()) {
    // Another machine that shares the home folder: only its age can tell.
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

/** Puts a finished folder in its place; an older one there makes room first and is then deleted. */
export async function putInPlace(finished: string, place: string, temporary: string): Promise<void> {
  createFolder(dirname(place))
  const old = join(temporary, `old-${randomBytes(4).toString('hex')}`)
  await rename(place, old).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  await rename(finished, place)
}

/** Deletes a folder; retries, for a killed run's compiler may still write into it. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 })
}

/** Bytes free for this user where the folder is, or will be. */
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
