/** Recognizes failures of an engine that are caused by a lack of memory. */
import { KnownError } from './knownError.ts'

/** The messages of Node.js, WebAssembly and libtensorflow when memory is exhausted. */
const endsOfMemory =
  /allocation failed|invalid (typed )?array( buffer)? length|memory access out of bounds|out of memory|\boom\b|cannot enlarge memory|failed to grow memory|could not allocate|std::bad_alloc|offset is out of bounds|too many properties to enumerate|maximum \w+ size exceeded|^unreachable/i

/** Converts the failure to a KnownError with a fix; undefined if memory is not its cause. */
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
