/** Prints the images per second of Shapewright. Arguments: engine, threads, spec, batch size. */
import { readFileSync } from 'node:fs'
import { measureRate } from '../src/tasks/doctor/measureEngines.ts'
import { checkText } from '../src/analyze.ts'
import { nodeHost } from '../src/system/nodeHost.ts'
import { lowerGraph } from '../src/program/lowerGraph.ts'
import { startEngine } from '../src/runtime/engines/startEngine.ts'
import { batchesOfPass, measuredSeconds, sampleShapeOf } from './trainingData.ts'

const [engine, threads, file, batch] = process.argv.slice(2) as ['node' | 'wasm', string, string, string]
const { spec, shaped } = checkText(readFileSync(file, 'utf8'), file, { host: nodeHost })
await startEngine(engine)
const rate = await measureRate(lowerGraph(spec, shaped), {
  sampleShape: sampleShapeOf(spec),
  batchSize: Number(batch),
  batches: batchesOfPass,
  seconds: measuredSeconds,
  threads: Number(threads),
})
console.log(rate)
