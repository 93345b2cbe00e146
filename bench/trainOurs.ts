/** Prints how many images a second Shapewright trains a spec on: engine, threads, spec, batch size. */
import { readFileSync } from 'node:fs'
import { interpretProgram } from '../src/backends/interpret.ts'
import { checkText } from '../src/compile.ts'
import { lowerGraph } from '../src/program/lowerGraph.ts'
import { startEngine } from '../src/runtime/engines/startEngine.ts'
import { trainExperiment } from '../src/runtime/trainingLoop.ts'
import { measuredSeconds, noiseImages, sampleShapeOf } from './trainingData.ts'

const [engine, threads, file, batch] = process.argv.slice(2) as ['node' | 'wasm', string, string, string]
const { spec, shaped } = checkText(readFileSync(file, 'utf8'), file)
await startEngine(engine)
const batchSize = Number(batch)
const data = noiseImages(sampleShapeOf(spec), 20 * batchSize)
const stop = new AbortController()
let [since, images] = [0, 0]
await trainExperiment(
  interpretProgram(lowerGraph(spec, shaped)),
  { data, signal: stop.signal, training: { epochs: 10_000, batchSize, validationSplit: 0, threads: Number(threads) } },
  {
    // The first epoch warms up.
    onEpochEnd(epoch) {
      const now = performance.now()
      if (epoch === 1) since = now
      else images += data.train.count
      if (images > 0 && now - since > 1000 * measuredSeconds) {
        stop.abort()
        console.log((images / (now - since)) * 1000)
      }
    },
  },
)
