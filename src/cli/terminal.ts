/** Guards the terminal: only our own control sequences reach it, whatever is printed. */
import { fstatSync, writeSync } from 'node:fs'
import { escapeControls } from '../system/controlCharacters.ts'

type Write = (chunk: string | Uint8Array, ...rest: unknown[]) => boolean

interface Guard {
  /** Random text around our own control sequences, which no spec, file name or table can guess. Created on first use. */
  seal?: string
  readonly write: Write
}

/** The guard is kept on the stream, because each bundle of the command line has its own copy of this module. */
export const guardKey = Symbol.for('shapewright.guard')

type GuardedStream = NodeJS.WriteStream & { [guardKey]?: Guard }

/**
 * Makes a stream of the process print control characters visibly. Only sealed sequences pass unchanged, and chunks that do
 * nothing but move the cursor, which progress bars write.
 */
export function guardStream(stream: GuardedStream): void {
  if (stream[guardKey]) return
  const write = stream.write.bind(stream) as Write
  const guard: Guard = { write }
  stream[guardKey] = guard
  const guarded: Write = (chunk, ...rest) =>
    write(typeof chunk === 'string' ? guardText(chunk, guard.seal) : chunk, ...rest)
  stream.write = guarded as typeof stream.write
}

type StreamName = 'stdout' | 'stderr'

/** The streams of the process that nothing has used yet. */
const unused = new Set<StreamName>()

/**
 * Guards a stream of the process when it is first used. Node creates it then, which takes 3 ms, and `check` writes its result
 * without it.
 */
export function guardOnFirstUse(name: StreamName, onError: (error: NodeJS.ErrnoException) => void): void {
  const { get } = Object.getOwnPropertyDescriptor(process, name)!
  unused.add(name)
  const open = (): NodeJS.WriteStream => {
    const stream = get!.call(process) as NodeJS.WriteStream
    Object.defineProperty(process, name, { value: stream, configurable: true, enumerable: true })
    unused.delete(name)
    stream.on('error', onError)
    guardStream(stream)
    return stream
  }
  Object.defineProperty(process, name, { get: open, configurable: true, enumerable: true })
}

/** What writes the result of a command: `process.stdout`, or a file or pipe without a stream. */
export interface Output {
  readonly isTTY?: boolean
  write(text: string): unknown
}

export function standardOutput(): Output {
  const isDirect = unused.has('stdout') && process.env['FORCE_COLOR'] === undefined && !isDevice(1)
  return isDirect ? { isTTY: false, write: writeDirectly } : process.stdout
}

function writeDirectly(text: string): void {
  const bytes = Buffer.from(escapeControls(text))
  let written = 0
  try {
    while (written < bytes.length) written += writeSync(1, bytes, written)
  } catch {
    // A full pipe, or an error, which the stream reports.
    process.stdout.write(bytes.subarray(written))
  }
}

/** Whether lines can be rewritten: a terminal that obeys control sequences. */
export function canRewriteLines(stream: { readonly isTTY?: boolean }): boolean {
  return stream.isTTY === true && process.env['TERM'] !== 'dumb'
}

/** Whether an open file is a device, such as a terminal. */
function isDevice(file: number): boolean {
  try {
    return fstatSync(file).isCharacterDevice()
  } catch {
    return true
  }
}

/** Marks one of our own control sequences, such as a colour, so that the guard of the stream lets it pass. */
export function sealFor(stream: object): (sequence: string) => string {
  const guard = (stream as GuardedStream)[guardKey]
  return (sequence) => {
    if (guard === undefined) return sequence
    guard.seal ??= `\u0000${crypto.randomUUID()}\u0000`
    return guard.seal + sequence + guard.seal
  }
}

/** Writes control sequences that contain no text from elsewhere, such as an image. */
export function writeUnguarded(stream: NodeJS.WriteStream, text: string): void {
  const guard = (stream as GuardedStream)[guardKey]
  if (guard === undefined) stream.write(text)
  else guard.write(text)
}

/** `\r`, `ESC [ … letter`, `ESC 7` and `ESC 8`: these move, show or hide the cursor, or erase a line. */
// oxlint-disable-next-line no-control-regex
const onlyMoves = /^(?:\r|\u001b\[[?\d;]*[A-Za-z]|\u001b[78])+$/

function guardText(text: string, seal: string | undefined): string {
  if (onlyMoves.test(text)) return text
  if (seal === undefined) return escapeControls(text)
  const parts = text.split(seal)
  return parts.map((part, index) => (index % 2 === 1 ? part : escapeControls(part))).join('')
}
