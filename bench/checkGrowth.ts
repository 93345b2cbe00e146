/**
 * Measures how the cost of checking grows with the number of layers: time and memory per layer at each size. It uses the
 * built library: run `npm run build` first.
 */
import { median } from './processes.ts'

function specOf(layers: number): string {
  const block = '  - conv2d: { filters: 8, kernelSize: 3, padding: same, activation: relu }\n  - batchNormalization\n'
  return `name: tall\ninput: { shape: [32, 32, 3] }\nlayers:\n${block.repeat(layers / 2)}`
}

export async function benchCheckGrowth(): Promise<void> {
  const built = new URL('../dist/index.js', import.meta.url).href
  const { check } = (await import(built)) as typeof import('../src/index.ts')
  const perLayer = new Map<number, number>()
  for (const layers of [10, 100, 1_000, 10_000, 100_000]) {
    const text = specOf(layers)
    const runs = layers >= 10_000 ? 3 : 15
    for (let run = 0; run < Math.min(3, runs); run += 1) if (layers < 100_000) check(text)
    const times = Array.from({ length: runs }, () => {
      const start = process.cpuUsage()
      const { diagnostics } = check(text)
      const { user, system } = process.cpuUsage(start)
      if (diagnostics.some(({ severity }) => severity === 'error')) throw new Error('the spec is not clean')
      return (user + system) / 1e6
    })
    const seconds = median(times)
    perLayer.set(layers, seconds / layers)
    const memory = process.memoryUsage().rss / 1e6
    console.log(
      `${String(layers).padStart(7)} layers  ${seconds.toFixed(3)} s of CPU  ${((seconds / layers) * 1e6).toFixed(1)} µs a layer  ${memory.toFixed(0)} MB`,
    )
  }
  const growth = perLayer.get(100_000)! / perLayer.get(1_000)!
  console.log(`a layer at 100,000 costs ${growth.toFixed(2)}x of one at 1,000`)
}
