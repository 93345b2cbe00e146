/** The signals by which a user, a scheduler or a closing terminal ends a process. */
const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface Interruption {
  readonly signal: AbortSignal
  /** Removes the handlers, so that signals end the process again. */
  stop(): void
}

/**
 * Turns the first Ctrl-C, SIGTERM or SIGHUP into an abort signal. A second one ends the process at once, as it would
 * without this handler, even if both arrive during one long step.
 */
export function listenForInterruption(): Interruption {
  const controller = new AbortController()
  const stop = (): void => {
    for (const name of endingSignals) process.removeListener(name, interrupt)
  }
  const interrupt = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      stop()
      process.kill(process.pid, name)
    }
    controller.abort()
    // Until then, a second signal that arrived during the same step is handled here; afterwards the system ends the
    // process.
    setImmediate(stop)
  }
  for (const name of endingSignals) process.on(name, interrupt)
  return { signal: controller.signal, stop }
}
