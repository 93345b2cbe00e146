/** Reads the files of a synchronous analysis in advance, for browsers, where files are read asynchronously. */
import type { FolderEntry, Host, Packing } from './host.ts'

/** A source of files that is read asynchronously. */
export interface FileSource {
  /** The size of a file in bytes; undefined if it is missing. */
  size(path: string): Promise<number | undefined>
  /** The entries of a folder; undefined if it is missing. */
  list(path: string): Promise<readonly FolderEntry[] | undefined>
  /** Reads `length` bytes from `start`, or fewer if the file ends before. */
  read(path: string, start: number, length: number): Promise<Uint8Array>
}

/**
 * Returns a host with the results of all reads that `probe` makes.
 *
 * @param probe Uses the host as the analysis will. It is repeated until it reads nothing new.
 */
export async function prepareHost(files: FileSource, probe: (host: Host) => void): Promise<Host> {
  const known = new Map<string, () => unknown>()
  const wanted = new Map<string, () => Promise<unknown>>()
  const ask = (question: readonly unknown[], load: () => Promise<unknown>): unknown => {
    const key = JSON.stringify(question)
    if (!known.has(key)) wanted.set(key, load)
    return known.get(key)?.()
  }
  const host: Host = {
    size: (path) => ask(['size', path], () => files.size(path)) as number | undefined,
    list: (path) => ask(['list', path], () => files.list(path)) as readonly FolderEntry[] | undefined,
    read(path, part) {
      const { start, length, packing } = part
      const read = async () => await unpack(await files.read(path, start, length), packing)
      const bytes = ask(['read', path, part], read) as Uint8Array | undefined
      if (bytes === undefined) throw new Error(`${path} was not read ahead`)
      return bytes
    },
  }
  for (;;) {
    probe(host)
    if (wanted.size === 0) return host
    const loads = [...wanted]
    wanted.clear()
    for (const [key, load] of loads) known.set(key, await answerOf(load))
  }
}

/** The result of a read: a function that returns its value or throws its error. */
async function answerOf(load: () => Promise<unknown>): Promise<() => unknown> {
  try {
    const value = await load()
    return () => value
  } catch (error) {
    return () => {
      throw error
    }
  }
}

/** Decompresses bytes as far as possible: they are often only the beginning of a file. */
async function unpack(bytes: Uint8Array, packing: Packing | undefined): Promise<Uint8Array> {
  if (packing === undefined) return bytes
  const { writable, readable } = new DecompressionStream(packing)
  const pieces: Uint8Array[] = []
  const reader = readable.getReader()
  const reading = (async () => {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) pieces.push(piece.value)
  })().catch(() => undefined)
  const writer = writable.getWriter()
  await writer.write(new Uint8Array(bytes))
  // A truncated end is an error that would drop the pieces which are not read yet, so wait for them first.
  for (let count = -1; count < pieces.length; await new Promise((resolve) => setTimeout(resolve))) count = pieces.length
  await writer.close().catch(() => undefined)
  await reading
  const unpacked = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    unpacked.set(piece, at)
    at += piece.length
  }
  return unpacked
}
