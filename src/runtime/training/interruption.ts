/** Ends a task in good order on the first signal, and at once on the second. */
import { endingSignals } from '../../system/endingSignals.ts'

export interface Interruption {
  readonly signal: AbortSignal
  /** Removes the handlers, so that signals end the process again. */
  stop(): void
}

/**
 * Turns the first Ctrl-C, SIGTERM or SIGHUP into an abort signal. The same signal again ends the process at once, as it would
 * without this handler, even if both arrive during one long step.
 *
 * Another signal within a second has no effect: Slurm sends SIGTERM to all processes of a job, and the parent of this one
 * passes it on as SIGINT.
 */
export function listenForInterruption(): Interruption {
  const controller = new AbortController()
  let first: NodeJS.Signals | undefined
  const stop = (): void => {
    for (const name of endingSignals) process.removeListener(name, interrupt)
  }
  const interrupt = (name: NodeJS.Signals): void => {
    if (first === name) {
      stop()
      process.kill(process.pid, name)
    }
    if (first !== undefined) return
    first = name
    controller.abort()
    // Until then, a second signal that arrived during the same step is handled here; afterwards the system ends the
    // process.
    setImmediate(() => process.removeListener(name, interrupt))
    setTimeout(stop, 1000).unref()
  }
  for (const name of endingSignals) process.on(name, interrupt)
  return { signal: controller.signal, stop }
}
