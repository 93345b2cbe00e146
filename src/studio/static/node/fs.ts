/** Takes the place of `node:fs` in the workers of the static page: as much of it as they use, over files in memory. */
import { resolve } from 'node:path'
import {
  fileAt,
  fileError,
  filesIn,
  findFile,
  isFolder,
  makeFolder,
  movePath,
  namesIn,
  putFile,
  removePath,
} from './files.ts'
import type { MemoryFile } from './files.ts'
import { entryOf, statsAt, statsOf } from './stats.ts'

export const constants = { O_RDONLY: 0 }

interface OpenFile {
  readonly file: MemoryFile | undefined
  position: number
}

const open = new Map<number, OpenFile>()
let lastOpened = 2

/** Files that are beside the page, such as the kernels, have a URL. */
export function existsSync(path: string | URL): boolean {
  return path instanceof URL || statsAt(path) !== undefined
}

export function statSync(path: string, options?: { readonly throwIfNoEntry?: boolean }) {
  const found = statsAt(path)
  if (found === undefined && options?.throwIfNoEntry !== false) throw fileError('ENOENT', 'stat', path)
  return found
}

export const lstatSync = statSync

/** @param flags `r`, `r+`, `w`, `wx`, or a number for reading. */
export function openSync(path: string, flags: string | number = 'r'): number {
  const isNew = typeof flags === 'string' && flags.startsWith('w')
  if (flags === 'wx' && existsSync(path)) throw fileError('EEXIST', 'open', path)
  const file = isNew ? putFile(path, new Uint8Array()) : isFolder(path) ? undefined : fileAt(path, 'open')
  lastOpened += 1
  open.set(lastOpened, { file, position: 0 })
  return lastOpened
}

export function closeSync(number: number): void {
  open.delete(number)
}

export function close(number: number, done: (error: unknown) => void): void {
  closeSync(number)
  done(null)
}

export function fstatSync(number: number) {
  return statsOf(openFile(number).file)
}

/** @param position Null reads on from the last place. */
export function readSync(
  number: number,
  into: Uint8Array,
  offset = 0,
  length = into.length - offset,
  position: number | null = null,
): number {
  const opened = openFile(number)
  const start = position ?? opened.position
  const part = opened.file!.bytes.subarray(start, start + length)
  into.set(part, offset)
  if (position === null) opened.position += part.length
  return part.length
}

/** Its promise has the number of bytes in `bytesRead`, see `promisify`. */
export function read(
  number: number,
  into: Uint8Array,
  offset: number,
  length: number,
  position: number | null,
  done: (error: unknown, result?: { readonly bytesRead: number }) => void,
): void {
  done(null, { bytesRead: readSync(number, into, offset, length, position) })
}

export function writeSync(number: number, content: string | Uint8Array): number {
  const { file } = openFile(number)
  const added = bytesOf(content)
  file!.bytes = joinBytes([file!.bytes, added])
  return added.length
}

export function readFileSync(path: string | number, encoding?: unknown): Uint8Array | string {
  const bytes = typeof path === 'number' ? openFile(path).file!.bytes : fileAt(path, 'open').bytes
  return encoding === undefined ? Buffer.from(bytes) : new TextDecoder().decode(bytes)
}

export function writeFileSync(path: string | number, content: string | Uint8Array): void {
  if (typeof path === 'number') writeSync(path, content)
  else putFile(path, bytesOf(content).slice())
}

export function appendFileSync(path: string, content: string | Uint8Array): void {
  putFile(path, joinBytes([findFile(path)?.bytes ?? new Uint8Array(), bytesOf(content)]))
}

export function mkdirSync(path: string, options?: { readonly recursive?: boolean }): void {
  if (options?.recursive !== true && existsSync(path)) throw fileError('EEXIST', 'mkdir', path)
  makeFolder(path)
}

export function mkdtempSync(start: string): string {
  const path = start + crypto.randomUUID().slice(0, 8)
  makeFolder(path)
  return path
}

interface ListOptions {
  readonly withFileTypes?: boolean
  readonly recursive?: boolean
}

export function readdirSync(folder: string | URL, { withFileTypes = false, recursive = false }: ListOptions = {}) {
  const path = folder instanceof URL ? folder.pathname : folder
  if (recursive) return filesIn(path).map(([file]) => file.slice(resolve(path).length + 1))
  const names = namesIn(path, 'scandir')
  return withFileTypes ? names.map((name) => entryOf(path, name)) : names
}

export function opendirSync(folder: string) {
  const entries = namesIn(folder, 'opendir').map((name) => entryOf(folder, name))
  return { readSync: () => entries.shift() ?? null, closeSync: () => undefined }
}

export const rmSync = removePath
export const rmdirSync = removePath
export const renameSync = movePath
export const realpathSync = (path: string): string => path

/** No file is a link. */
export function readlinkSync(path: string): string {
  throw fileError('EINVAL', 'readlink', path)
}

/** Files in memory have no owner, no mode and no disk. */
const doNothing = (): void => undefined
export { doNothing as chmodSync, doNothing as chownSync, doNothing as fsyncSync, doNothing as ftruncateSync }

/** Large files are not read in streams here. */
export function createReadStream(path: string): never {
  throw fileError('ENOSYS', 'open', path)
}
export { createReadStream as createWriteStream }

export function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

function openFile(number: number): OpenFile {
  const found = open.get(number)
  if (found === undefined) throw fileError('EBADF', 'read', `${number}`)
  return found
}
