import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import * as yauzl from 'yauzl'
import { KnownError } from '../system/knownError.ts'
import { headerName, libraryName, type LibraryParts, type LibraryPart } from './libraryParts.ts'
import type { SetupProgress } from './setupProgress.ts'

/** Opens a wheel and lists the required files, without unpacking them. */
export async function openWheel(file: string): Promise<LibraryParts> {
  const zip = await yauzl.openPromise(file, { lazyEntries: true, autoClose: false }).catch((error: unknown) => {
    throw damaged(file, `it is not a readable zip archive (${messageOf(error)})`)
  })
  const parts: LibraryPart[] = []
  let version: string | undefined
  try {
    for await (const entry of zip.eachEntry()) {
      version ??= /^tensorflow(?:_\w+)?-([^/-]+)\.dist-info\//.exec(entry.fileName)?.[1]
      const inside = /^tensorflow\/(.+[^/])$/.exec(entry.fileName)?.[1]
      const name = inside === undefined ? undefined : (libraryName(inside) ?? headerName(inside))
      if (name === undefined) continue
      parts.push({
        name,
        bytes: entry.uncompressedSize,
        crc32: entry.crc32,
        open: () => zip.openReadStreamPromise(entry),
      })
    }
  } catch (error) {
    zip.close()
    throw damaged(file, `its list of files cannot be read (${messageOf(error)})`)
  }
  return { version, label: basename(file), parts, close: () => zip.close() }
}

/** Computes the SHA-256 of a file, in hexadecimal. */
export async function hashFile(
  file: string,
  progress: SetupProgress,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { size } = await stat(file)
  const hash = createHash('sha256')
  let done = 0
  await pipeline(
    createReadStream(file, { highWaterMark: 1 << 20 }),
    async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        hash.update(chunk)
        done += chunk.length
        progress.bytes(done, size)
      }
    },
    { ...(signal && { signal }) },
  )
  return hash.digest('hex')
}

/** The error for a damaged wheel. */
export function damaged(file: string, why: string): KnownError {
  return new KnownError(
    'setup/damaged-wheel',
    `The wheel ${file} is damaged: ${why}.`,
    'Delete it and run `shapewright setup native` without --from to download the correct one.',
  )
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
