/**
 * Keeps this process running after its output is closed, such as a closed pipe or terminal. Without it, the next line of
 * progress would end a run of many hours.
 */
export function ignoreLostReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners('error')
    stream.on('error', () => undefined)
  }
}
