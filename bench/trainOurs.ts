/** Measures the training of Shapewright on noise. Arguments: engine, threads, spec, batch size. */
import { readFileSync } from 'node:fs'
import { interpretProgram } from '../src/backends/interpret/interpret.ts'
import { randomImages } from '../src/tasks/doctor/measureEngines.ts'
import { checkText } from '../src/analyze.ts'
import { nodeHost } from '../src/system/nodeHost.ts'
import { costOf } from '../src/graph/cost.ts'
import { lowerGraph } from '../src/program/lowerGraph.ts'
import { startEngine } from '../src/runtime/engines/startEngine.ts'
import { trainExperiment } from '../src/runtime/training/trainingLoop.ts'
import { batchesOfPass, measuredSeconds, sampleShapeOf } from './trainingData.ts'
import { PassTimer } from './train/measurement.ts'

const [engine, threads, file, batch] = process.argv.slice(2) as ['node' | 'wasm' | 'webgpu', string, string, string]
const { spec, shaped } = checkText(readFileSync(file, 'utf8'), file, { host: nodeHost })
const batchSize = Number(batch)
await startEngine(engine, { stepFlops: costOf(spec, shaped).stepFlops })
const data = randomImages(sampleShapeOf(spec), batchesOfPass * batchSize)
const timer = new PassTimer(data.train.count, measuredSeconds)
const stop = new AbortController()
await trainExperiment(
  interpretProgram(lowerGraph(spec, shaped)),
  {
    data,
    signal: stop.signal,
    training: { epochs: 100_000, batchSize, validationSplit: 0, threads: Number(threads) },
  },
  {
    onEpochEnd() {
      const measurement = timer.endPass()
      if (measurement === undefined || stop.signal.aborted) return
      console.log(JSON.stringify(measurement))
      stop.abort()
    },
  },
)
