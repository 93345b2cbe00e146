/** What the user, or a system that needs the machine, sends to have a process end. */
const endingSignals = ['SIGINT', 'SIGTERM'] as const

export interface Interruption {
  readonly signal: AbortSignal
  /** Signals end the process again. */
  stop(): void
}

/** Turns the first Ctrl-C, or SIGTERM, into an abort signal. A second one ends the process at once, as it would without us. */
export function listenForInterruption(): Interruption {
  const controller = new AbortController()
  const stop = (): void => {
    for (const name of endingSignals) process.removeListener(name, interrupt)
  }
  const interrupt = (): void => {
    controller.abort()
    stop()
  }
  for (const name of endingSignals) process.on(name, interrupt)
  return { signal: controller.signal, stop }
}
