/** Training of the MNIST network: every engine that works here, beside stock TensorFlow.js on its cpu backend. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { measureEngine } from '../src/backends/measureEngines.ts'
import { checkText } from '../src/compile.ts'
import { lowerGraph } from '../src/program/lowerGraph.ts'
import { median } from './processes.ts'

const engines = ['node', 'wasm', 'cpu'] as const
type Engine = (typeof engines)[number]
const rounds = 5

/** Each measurement is a process of its own, in turn. */
export async function benchTrain(): Promise<void> {
  const only = process.argv[3] as Engine | undefined
  if (only !== undefined) return await measureOne(only)
  const rates = new Map<Engine, number[]>(engines.map((engine) => [engine, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const engine of engines) {
      const args = ['--import', 'tsx', fileURLToPath(new URL('bench.ts', import.meta.url)), 'train', engine]
      const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
      const rate = Number(stdout.trim().split('\n').at(-1))
      if (rate > 0) rates.get(engine)!.push(rate)
    }
  }
  const stock = median(rates.get('cpu')!)
  for (const [engine, values] of rates) {
    if (values.length === 0) console.log(`${engine.padEnd(5)} does not work here: \`shapewright doctor\` says why`)
    else {
      const rate = median(values)
      console.log(
        `${engine.padEnd(5)} ${rate.toFixed(rate < 100 ? 1 : 0).padStart(6)} images/s  ${(rate / stock).toFixed(0)}x of stock cpu`,
      )
    }
  }
}

async function measureOne(engine: Engine): Promise<void> {
  const file = fileURLToPath(new URL('../configs/mnist-cnn.yaml', import.meta.url))
  const { spec, shaped } = checkText(readFileSync(file, 'utf8'), file)
  const report = await measureEngine(engine, lowerGraph(spec, shaped))
  console.log(report.imagesPerSecond ?? 0)
}
