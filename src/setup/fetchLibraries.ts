import { rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { KnownError } from '../system/knownError.ts'
import { downloadWheel, keptWheelPath, verifyWheel } from './downloadWheel.ts'
import { buildTools, downloadTools, missingTools, missingToolsError, type Tools } from './findTools.ts'
import { partsBytes, requireComplete, writeParts, type LibraryParts } from './libraryParts.ts'
import * as cache from './nativeCache.ts'
import { installOfficially } from './officialInstall.ts'
import { pinnedWheel, pinnedWheelNamed, type PinnedWheel } from './pinnedWheels.ts'
import { probeAddon } from './probeAddon.ts'
import { openFolder, recognizeSource, type FromSource } from './readFolder.ts'
import { openWheel } from './readWheel.ts'
import { throwIfInterrupted } from './setupError.ts'
import type { SetupProgress } from './setupProgress.ts'
import type { TfjsNode } from './tfjsNode.ts'
import { createFolder } from '../system/createFolder.ts'

/** The package, folders and tools that every way to fetch the libraries uses. */
export interface FetchContext {
  readonly module: TfjsNode
  readonly native: string
  readonly temporary: string
  readonly tools: Tools
  readonly progress: SetupProgress
  readonly signal: AbortSignal | undefined
}

/** Disk space for the files of pip and the compiler. */
const buildBytes = 64 * 1024 * 1024

/**
 * Puts the libraries into the cache: from the source that `--from` names, or from the pinned wheel. Checks tools and disk
 * space before the download starts.
 */
export async function fetchLibraries(place: FetchContext, from: string | undefined): Promise<cache.CachedLibraries> {
  const { native, temporary, tools, progress, signal } = place
  if (from !== undefined) {
    const source = await recognizeSource(from)
    await requireTools(tools, 'build')
    const pinned = source.kind === 'wheel' ? pinnedWheelNamed(basename(source.file)) : undefined
    if (source.kind === 'wheel') {
      if (pinned !== undefined) await verifyWheel(source.file, pinned, progress, signal)
      else progress.note(`The hash of ${basename(source.file)} is not known; only its internal checksums are verified.`)
    }
    return await librariesFrom(source, (parts) => unpack(place, parts, source.kind, pinned))
  }

  const wheel = pinnedWheel()
  if (wheel === undefined) throw noWheelError()
  await requireTools(tools, 'download')
  await requireSpace(native, wheel.bytes + wheel.unpackedBytes + buildBytes)
  const file = await downloadWheel(wheel, native, temporary, tools.python ?? 'python3', progress, signal)
  const libraries = await librariesFrom({ kind: 'wheel', file }, (parts) => unpack(place, parts, 'wheel', wheel))
  await rm(keptWheelPath(native, wheel), { force: true })
  return libraries
}

/** Opens a source, passes its parts to `use`, and closes it. */
export async function librariesFrom<T>(source: FromSource, use: (parts: LibraryParts) => Promise<T>): Promise<T> {
  const parts = source.kind === 'wheel' ? await openWheel(source.file) : await openFolder(source.folder, source.layout)
  try {
    requireComplete(parts)
    return await use(parts)
  } finally {
    parts.close()
  }
}

/** Gets the libraries and the addon by tfjs-node's own install script; undefined if it fails. */
export async function officialLibraries(place: FetchContext): Promise<cache.CachedLibraries | undefined> {
  const { module, temporary, tools, progress, signal } = place
  const stage = join(temporary, 'official')
  const addon = await installOfficially(module, stage, tools, progress, signal)
  if (addon === undefined) return undefined
  const probe = await probeAddon(addon, signal)
  if (!probe.works) {
    progress.note(`The library downloaded by the install script of tfjs-node does not load: ${probe.problem}.`)
    return undefined
  }
  const finished = join(stage, 'deps')
  const kept = cache.cachedAddonPath(finished, module.version, module.napi)
  createFolder(join(kept, '..'))
  await rename(addon, kept)
  return await keep(place, finished, {
    version: probe.version,
    source: 'official',
    from: 'tfjs-node',
    installed: now(),
  })
}

async function unpack(
  place: FetchContext,
  parts: LibraryParts,
  source: 'wheel' | 'folder',
  wheel: PinnedWheel | undefined,
): Promise<cache.CachedLibraries> {
  const { native, temporary, progress, signal } = place
  const { version, label } = parts
  if (version === undefined) {
    throw new KnownError(
      'setup/bad-source',
      `${label} does not contain the version of TensorFlow.`,
      'Pass --from the original wheel, or the complete installed `tensorflow` package.',
    )
  }
  await requireSpace(native, partsBytes(parts.parts) + buildBytes)
  progress.step(`${source === 'wheel' ? 'Unpacking' : 'Copying'} libtensorflow ${version}`)
  const finished = join(temporary, 'libraries')
  await writeParts(parts, finished, progress, signal)
  return await keep(place, finished, {
    version,
    source,
    from: label,
    ...(wheel !== undefined && { sha256: wheel.sha256 }),
    installed: now(),
  })
}

/** Writes the record of a folder of libraries and moves it to the cache. */
async function keep(
  { native, temporary, signal }: FetchContext,
  finished: string,
  record: Omit<cache.LibraryRecord, 'libraries'>,
): Promise<cache.CachedLibraries> {
  await cache.writeRecord(finished, record)
  throwIfInterrupted(signal)
  const folder = cache.librariesFolder(native, record.version)
  await cache.putInPlace(finished, folder, temporary)
  const libraries = await cache.readLibraries(folder)
  if (libraries === undefined) throw new Error(`the libraries in ${folder} are incomplete`)
  return libraries
}

async function requireTools(tools: Tools, purpose: 'build' | 'download'): Promise<void> {
  const missing = await missingTools(tools, purpose === 'build' ? buildTools : [...buildTools, ...downloadTools])
  if (missing.length > 0) throw await missingToolsError(missing)
}

async function requireSpace(native: string, needed: number): Promise<void> {
  const free = await cache.freeSpace(native)
  if (free >= needed) return
  throw new KnownError(
    'setup/no-disk-space',
    `Setup needs ${megabytes(needed)} in ${native}, but only ${megabytes(free)} are free.`,
    'Free some space, or choose a cache on another disk with SHAPEWRIGHT_CACHE=FOLDER.',
  )
}

function noWheelError(): KnownError {
  return new KnownError(
    'setup/unsupported-platform',
    `There is no known TensorFlow wheel for ${process.platform} on ${process.arch}.`,
    'Pass one with --from, or use the wasm engine, which needs no setup.',
  )
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`
}

function now(): string {
  return new Date().toISOString()
}
