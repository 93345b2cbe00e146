/**
 * Makes a function which, awaited between pieces of long synchronous work, lets timers, signals and output have their
 * turn, but at most every 50 ms, so that the work itself hardly waits.
 */
export function createBreather(): () => Promise<void> | undefined {
  let last = performance.now()
  return () => {
    if (performance.now() - last < 50) return undefined
    return new Promise((resolve) => {
      setImmediate(() => {
        last = performance.now()
        resolve()
      })
    })
  }
}
