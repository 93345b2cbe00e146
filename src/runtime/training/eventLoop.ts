/**
 * Creates a function to await between pieces of long synchronous work. It lets timers, signals and output run, but at
 * most every 50 ms, so that the work itself is hardly delayed.
 */
export function createYielder(): () => Promise<void> | undefined {
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
