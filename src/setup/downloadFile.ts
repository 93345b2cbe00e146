/** Downloads published files, resumes interrupted downloads, and deletes files that differ from the published ones. */
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { PublishedDownload } from '../language/datasetDef.ts'
import { KnownError } from '../system/knownError.ts'
import { isSystemError } from '../system/systemError.ts'
import { createFolder } from '../system/createFolder.ts'

export interface DownloadProgress {
  /** Called with the number of bytes that are downloaded, whenever it grows. */
  onBytes?(done: number, total: number): void
  /** Called with a message for the user, such as that a download is resumed. */
  onNote?(text: string): void
}

/** The number of attempts in a row that may fail without any new byte. */
const mostFailures = 3

/**
 * Downloads a file and verifies its size and SHA-256.
 *
 * @param force Whether an existing file with other content is replaced.
 * @returns The path of the verified file; `isNew` is false if it already existed.
 * @throws KnownError if it cannot be downloaded or differs from the published file.
 */
export async function downloadFile(
  wanted: PublishedDownload,
  folder: string,
  signal: AbortSignal,
  progress: DownloadProgress = {},
  force = false,
): Promise<{ readonly path: string; readonly isNew: boolean }> {
  const path = join(folder, wanted.file)
  const part = `${path}.part`
  createFolder(folder)
  if (existsSync(path)) {
    if ((await sizeOf(path)) === wanted.bytes && (await sha256Of(path)) === wanted.sha256) return { path, isNew: false }
    if (!force) {
      throw new KnownError(
        'download',
        `${path} exists and is not the published file`,
        'move it, or replace it with `shapewright data get --force`',
      )
    }
  }
  let failures = 0
  for (let size = await sizeOf(part); size < wanted.bytes;) {
    if (size > 0) progress.onNote?.(`${wanted.file} continues at ${Math.floor(size / 1e5) / 10} MB`)
    const reason = await fetchRest(wanted, part, size, signal, progress)
    signal.throwIfAborted()
    const now = await sizeOf(part)
    failures = now > size ? 0 : failures + 1
    size = now
    if (size < wanted.bytes && failures >= mostFailures) throw unreachable(wanted, path, reason)
    if (failures > 0) await wait(200 * 2 ** failures, undefined, { signal })
  }
  const found = await sha256Of(part)
  if ((await sizeOf(part)) !== wanted.bytes || found !== wanted.sha256) {
    await rm(part, { force: true })
    throw new KnownError(
      'download',
      `the download from ${wanted.url} is not the published file: its SHA-256 is ${found}, not ${wanted.sha256}`,
      `get ${wanted.file} from another source and put it into ${folder}`,
    )
  }
  await rename(part, path)
  return { path, isNew: true }
}

/** Appends the missing bytes until the connection ends; returns the reason why it ended. */
async function fetchRest(
  { url, bytes }: PublishedDownload,
  part: string,
  size: number,
  signal: AbortSignal,
  progress: DownloadProgress,
): Promise<string> {
  try {
    const headers: Record<string, string> = size > 0 ? { range: `bytes=${size}-` } : {}
    const response = await fetch(url, { headers, signal })
    const isResumed =
      response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${size}-`) === true
    if (!isResumed && response.status !== 200) {
      await response.body?.cancel()
      return `the server responded with ${response.status} ${response.statusText}`.trim()
    }
    const file = await open(part, isResumed ? 'a' : 'w')
    let done = isResumed ? size : 0
    try {
      for await (const piece of response.body ?? []) {
        await file.write(piece as Uint8Array)
        done += (piece as Uint8Array).length
        progress.onBytes?.(Math.min(done, bytes), bytes)
      }
    } finally {
      await file.close()
    }
    return 'the connection was closed early'
  } catch (error) {
    // This is an error of the file, not of the network.
    if (isSystemError(error)) throw error
    const { message, cause } = error as Error
    return cause instanceof Error && cause.message !== '' ? `${message} (${cause.message})` : message
  }
}

function unreachable({ url, file }: PublishedDownload, path: string, reason: string): KnownError {
  return new KnownError(
    'download',
    `${file} cannot be downloaded from ${url}: ${reason}`,
    `check the network and run the command again to continue, or download the file on another machine and put it at ${path}`,
  )
}

async function sizeOf(path: string): Promise<number> {
  return await stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array)
  return hash.digest('hex')
}
