/** What the user, a scheduler, or a terminal that closes sends to end a process. */
const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface Interruption {
  readonly signal: AbortSignal
  /** Signals end the process again. */
  stop(): void
}

/**
 * Turns the first Ctrl-C, SIGTERM or SIGHUP into an abort signal. A second one ends the process at once, as it would without us,
 * also where both came in the middle of a long step.
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
    // By then a second one that came in the same step was heard; from then on the system ends the process by itself.
    setImmediate(stop)
  }
  for (const name of endingSignals) process.on(name, interrupt)
  return { signal: controller.signal, stop }
}
