/** Tells the end of memory from other failures of an engine. */
import { KnownError } from './knownError.ts'

/** What Node.js, WebAssembly and libtensorflow say where memory ends. */
const endsOfMemory =
  /allocation failed|invalid (typed )?array( buffer)? length|memory access out of bounds|out of memory|\boom\b|cannot enlarge memory|failed to grow memory|could not allocate|std::bad_alloc|offset is out of bounds|too many properties to enumerate|maximum \w+ size exceeded|^unreachable/i

/** The failure as one that says what to do; undefined where memory is not its cause. */
export function asMemoryError(error: unknown): KnownError | undefined {
  if (!(error instanceof Error) || !endsOfMemory.test(error.message)) return undefined
  if (/call stack/i.test(error.message)) return undefined
  const reason = error.message.split('\n')[0]!.replace(/\.$/, '')
  return new KnownError(
    'memory',
    `The engine or Node.js ran out of memory: ${reason}.`,
    'Use a smaller batch, smaller layers or fewer samples; `shapewright summary` shows the memory of a training step.',
    { cause: error },
  )
}
