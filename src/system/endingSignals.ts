/** The signals that end a process, and how they wait for work that must not be cut off. */

/** The signals by which a user, a scheduler or a closing terminal ends a process. */
export const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** How many pieces of work have not seen the signals that arrived meanwhile. */
let pieces = 0

/**
 * Does a piece of synchronous work to its end in spite of Ctrl-C, which would leave its temporary files. A signal that arrives
 * meanwhile ends the process afterwards, unless someone else listens to it.
 */
export function withoutInterruption<T>(work: () => T): T {
  // First, because others may stop listening once they are called.
  if (pieces === 0) for (const name of endingSignals) process.prependListener(name, endProcess)
  pieces += 1
  try {
    return work()
  } finally {
    // The event loop delivers signals between two turns of `setImmediate`, but not always before the first.
    setImmediate(() => setImmediate(endPiece))
  }
}

/** The event loop calls this, and so never within a piece. */
function endProcess(name: NodeJS.Signals): void {
  process.removeListener(name, endProcess)
  if (process.listenerCount(name) === 0) process.kill(process.pid, name)
}

function endPiece(): void {
  pieces -= 1
  if (pieces === 0) for (const name of endingSignals) process.removeListener(name, endProcess)
}
