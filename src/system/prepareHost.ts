/** Reads ahead, asynchronously, what a synchronous analysis asks its host for: in a browser, files come by promises. */
import type { FolderEntry, Host, Packing } from './host.ts'

/** Files that are read by promises. */
export interface FileSource {
  /** The bytes of a file; undefined where there is none. */
  size(path: string): Promise<number | undefined>
  /** What is in a folder; undefined where there is none. */
  list(path: string): Promise<readonly FolderEntry[] | undefined>
  /** `length` bytes from `start` on, or fewer where the file ends before. */
  read(path: string, start: number, length: number): Promise<Uint8Array>
}

/**
 * A host that answers from what it has read ahead.
 *
 * @param probe Does with the host what will be done with it: it is repeated until it asks for nothing new.
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

/** The answer as the host gives it: a value, or an error that is thrown. */
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

/** What bytes unpack to, as far as they go: often they are the beginning of a file, and end in the middle. */
async function unpack(bytes: Uint8Array, packing: Packing | undefined): Promise<Uint8Array> {
  if (packing === undefined) return bytes
  const { writable, readable } = new DecompressionStream(packing)
  const pieces: Uint8Array[] = []
  const reader = readable.getReader()
  const reading = (async () => {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) pieces.push(piece.value)
  })().catch(() => undefined)
  const writer = writable.getWriter()
  await writer.write(bytes)
  // An end in the middle is an error, and would drop what is not read by then.
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
