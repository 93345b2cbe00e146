/**
 * Keeps this process running where nobody reads its output any more: a pipe that was closed, or a terminal that is gone.
 * Without it, the next line of progress would end a run of many hours.
 */
export function ignoreLostReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners('error')
    stream.on('error', () => undefined)
  }
}
