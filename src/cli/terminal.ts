/** Guards the terminal: whatever is printed, only control sequences of ours reach it. */
import { escapeControls } from '../system/controlCharacters.ts'

type Write = (chunk: string | Uint8Array, ...rest: unknown[]) => boolean

interface Guard {
  /** Surrounds a control sequence of ours. Nobody who writes a spec, a file name or a table can know it. Drawn for the first one. */
  seal?: string
  readonly write: Write
}

/** On the stream, for each bundle of the command line has this module of its own. */
const guardKey = Symbol.for('shapewright.guard')

type GuardedStream = NodeJS.WriteStream & { [guardKey]?: Guard }

/**
 * Makes a stream of the process print control characters visibly, whoever writes to it. What passes as it is: a sequence that was sealed, and a
 * chunk that moves the cursor and has nothing else, as progress bars write them.
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

/** Marks a control sequence of ours, such as a colour, so that the guard of the stream lets it pass. */
export function sealFor(stream: object): (sequence: string) => string {
  const guard = (stream as GuardedStream)[guardKey]
  return (sequence) => {
    if (guard === undefined) return sequence
    guard.seal ??= `\u0000${crypto.randomUUID()}\u0000`
    return guard.seal + sequence + guard.seal
  }
}

/** Writes what is meant for the terminal itself and has no text of others in it, such as a picture. */
export function writeUnguarded(stream: NodeJS.WriteStream, text: string): void {
  const guard = (stream as GuardedStream)[guardKey]
  if (guard === undefined) stream.write(text)
  else guard.write(text)
}

/** `\r`, `ESC [ … letter` and `ESC 7`: the cursor is moved, shown or hidden, a line is erased. */
// oxlint-disable-next-line no-control-regex
const onlyMoves = /^(?:\r|\u001b\[[?\d;]*[A-Za-z]|\u001b[78])+$/

function guardText(text: string, seal: string | undefined): string {
  if (onlyMoves.test(text)) return text
  if (seal === undefined) return escapeControls(text)
  const parts = text.split(seal)
  return parts.map((part, index) => (index % 2 === 1 ? part : escapeControls(part))).join('')
}
