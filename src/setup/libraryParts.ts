import { createWriteStream } from 'node:fs'
import { readdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import { KnownError } from '../system/knownError.ts'
import { throwIfInterrupted } from './setupError.ts'
import type { SetupProgress } from './setupProgress.ts'
import { createFolder } from '../system/createFolder.ts'

/** A file of libtensorflow, in a wheel or a folder, that is copied to the cache. */
export interface LibraryPart {
  /** Its path in the cache: `lib/…` or `include/…`. */
  readonly name: string
  readonly bytes: number
  /** Its checksum, if the archive contains one. */
  readonly crc32?: number
  /** For a second name of a library: the name in the same folder that it links to. */
  readonly link?: string
  open(): Promise<Readable>
}

/** An opened wheel or folder that contains libtensorflow. */
export interface LibraryParts {
  readonly version: string | undefined
  /** The name of the file or folder. */
  readonly label: string
  readonly parts: readonly LibraryPart[]
  close(): void
}

/** `lib/…` for the path of one of the two libraries of a `tensorflow` package, otherwise undefined. */
export function libraryName(path: string): string | undefined {
  return /^libtensorflow_(?:cc|framework)(?:\.so\.2|\.2\.dylib)$/.test(path) ? `lib/${path}` : undefined
}

/**
 * `include/…` for a header that the addon needs, otherwise undefined. The addon needs the C API and the headers that it
 * includes; the other ten thousand headers of the package are for C++.
 */
export function headerName(path: string): string | undefined {
  if (!path.startsWith('include/')) return undefined
  return /\/(?:tensorflow|tsl)\/c\/|\/ctstring[^/]*\.h$|\/core\/public\/(?:release_)?version\.h$/.test(path)
    ? path
    : undefined
}

/** The number of bytes of all parts on disk. */
export function partsBytes(parts: readonly LibraryPart[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** @throws KnownError unless the parts make a complete libtensorflow. */
export function requireComplete({ label, parts }: LibraryParts): void {
  const names = new Set(parts.map(({ name }) => name))
  const has = (pattern: RegExp): boolean => [...names].some((name) => pattern.test(name))
  const missing: string[] = []
  if (!has(/^lib\/libtensorflow(?:_cc)?\./)) missing.push('libtensorflow_cc')
  if (!has(/^lib\/libtensorflow_framework\./)) missing.push('libtensorflow_framework')
  if (!names.has('include/tensorflow/c/c_api.h')) missing.push('include/tensorflow/c/c_api.h')
  if (missing.length === 0) return
  throw new KnownError(
    'setup/bad-source',
    `${label} contains no libtensorflow for ${process.platform}: ${missing.join(', ')} is missing.`,
    'Pass --from a wheel of `tensorflow` or `tensorflow-cpu` for this platform, a folder that contains one, an installed ' +
      '`tensorflow` package, or an unpacked libtensorflow archive with `include/` and `lib/`.',
  )
}

/** Writes the parts to a folder and checks the size and checksum of each. */
export async function writeParts(
  { label, parts }: LibraryParts,
  folder: string,
  progress: SetupProgress,
  signal: AbortSignal | undefined,
): Promise<void> {
  const total = partsBytes(parts)
  let done = 0
  for (const part of parts) {
    throwIfInterrupted(signal)
    const target = join(folder, part.name)
    createFolder(dirname(target))
    if (part.link !== undefined) {
      await symlink(part.link, target)
      continue
    }
    let sum = 0
    let bytes = 0
    async function* measured(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        if (part.crc32 !== undefined) sum = crc32(chunk, sum)
        bytes += chunk.length
        done += chunk.length
        progress.bytes(done, total)
        yield chunk
      }
    }
    try {
      await pipeline(await part.open(), measured, createWriteStream(target), { ...(signal && { signal }) })
    } catch (error) {
      // Codes that start with E are errors of the file system; all others mean a broken archive.
      if (signal?.aborted || /^E[A-Z]+$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error
      throw brokenPart(label, part.name, error)
    }
    if (bytes !== part.bytes || (part.crc32 !== undefined && sum !== part.crc32)) throw brokenPart(label, part.name)
  }
  await linkLibraryNames(join(folder, 'lib'))
}

/** Adds links with the names that tfjs-node's build and loader search for. */
async function linkLibraryNames(lib: string): Promise<void> {
  const names = new Set(await readdir(lib))
  for (const [alias, target] of [
    ['libtensorflow.so', 'libtensorflow_cc.so.2'],
    ['libtensorflow_framework.so', 'libtensorflow_framework.so.2'],
    ['libtensorflow.2.dylib', 'libtensorflow_cc.2.dylib'],
  ] as const) {
    if (names.has(target) && !names.has(alias)) await symlink(target, join(lib, alias))
  }
}

function brokenPart(label: string, name: string, cause?: unknown): KnownError {
  return new KnownError(
    'setup/damaged-wheel',
    `${label} is damaged: ${name} does not match the archive’s directory.`,
    'Delete it and run `shapewright setup native` without --from to download the correct one.',
    { cause },
  )
}
