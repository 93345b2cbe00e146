/**
 * Measures how the cost of checking grows with the number of layers: time and memory per layer at each size, of plain specs and
 * of composed ones that expand to as many layers. It uses the built library: run `npm run build` first.
 */
import { median } from './processes.ts'

const head = 'name: tall\ninput: { shape: [32, 32, 3] }\n'
const conv = 'conv2d: { filters: 8, kernelSize: 3, padding: same, activation: relu }'

/** Specs of a number of layers: plain, with a repeat of layers, and with a repeat of calls whose options are computed. */
const forms: Readonly<Record<string, (layers: number) => string>> = {
  plain: (layers) => `${head}layers:\n${`  - ${conv}\n  - batchNormalization\n`.repeat(layers / 2)}`,
  repeat: (layers) =>
    `${head}layers:\n  - repeat: { times: ${layers / 2}, layers: [{ ${conv} }, batchNormalization] }\n`,
  blocks: (layers) => `${head}vars: { width: 8 }
blocks:
  unit:
    params: { filters: }
    layers:
      - conv2d: { filters: $filters, kernelSize: 3, padding: same, activation: relu }
      - batchNormalization
layers:
  - repeat: { times: ${layers / 2}, as: i, layers: [{ unit: { filters: $(width + i % 2) } }] }
`,
}

export async function benchCheckGrowth(): Promise<void> {
  const built = new URL('../dist/index.js', import.meta.url).href
  const { check } = (await import(built)) as typeof import('../src/index.ts')
  const perLayer = new Map<string, number>()
  for (const layers of [10, 100, 1_000, 10_000, 100_000]) {
    for (const [form, specOf] of Object.entries(forms)) {
      const seconds = secondsOf(check, specOf(layers), layers)
      perLayer.set(`${form} ${layers}`, seconds / layers)
      const plain = perLayer.get(`plain ${layers}`)!
      const memory = process.memoryUsage().rss / 1e6
      console.log(
        `${String(layers).padStart(7)} layers  ${form.padEnd(6)}  ${seconds.toFixed(3)} s of CPU  ${((seconds / layers) * 1e6).toFixed(1)} µs a layer  ${(seconds / layers / plain).toFixed(2)}x of plain  ${memory.toFixed(0)} MB`,
      )
    }
  }
  for (const form of Object.keys(forms)) {
    const growth = perLayer.get(`${form} 100000`)! / perLayer.get(`${form} 1000`)!
    console.log(`${form}: a layer at 100,000 costs ${growth.toFixed(2)}x of one at 1,000`)
  }
}

/** The median of the CPU time of several checks. */
function secondsOf(check: typeof import('../src/index.ts').check, text: string, layers: number): number {
  const runs = layers >= 10_000 ? 3 : 15
  for (let run = 0; run < Math.min(3, runs); run += 1) if (layers < 100_000) check(text)
  const times = Array.from({ length: runs }, () => {
    const start = process.cpuUsage()
    const { diagnostics } = check(text)
    const { user, system } = process.cpuUsage(start)
    if (diagnostics.some(({ severity }) => severity === 'error')) throw new Error('the spec is not clean')
    return (user + system) / 1e6
  })
  return median(times)
}
