/** Run folders as `train` leaves them, made in a second or two: small networks on a few of the real digits. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspectModel } from '../../src/tasks/inspect/inspectModel.ts'
import { interpretProgram } from '../../src/backends/interpret/interpret.ts'
import { checkText } from '../../src/analyze.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import type { DatasetSplits } from '../../src/runtime/data/samples.ts'
import { sliceSamples } from '../../src/runtime/data/samples.ts'
import { prepareSplits } from '../../src/runtime/data/prepareSplits.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { describeData } from '../../src/runtime/runs/modelMetadata.ts'
import { appendMetrics, environmentOf, formatJson, writeRunFiles } from '../../src/runtime/runs/runFolder.ts'
import { saveModel } from '../../src/runtime/runs/saveModel.ts'
import { trainExperiment } from '../../src/runtime/training/trainingLoop.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

export const digits = `name: small-digits
dataset: mnist
layers:
  - conv2d: { filters: 8, kernelSize: 5, padding: same, activation: relu }
  - maxPooling2d: { poolSize: 2 }
  - conv2d: { filters: 12, kernelSize: 3, activation: relu }
  - maxPooling2d: { poolSize: 2 }
  - flatten
  - dense: { units: 10, activation: softmax }
optimizer: { adam: { learningRate: 0.003 } }
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 3, batchSize: 32, seed: 7, validationSplit: 0.2 }
`

export interface SmallRunOptions {
  readonly train?: number
  readonly test?: number
  /** In place of real digits. */
  readonly data?: DatasetSplits
  /** Whether it is left as a run is that was stopped. */
  readonly interrupted?: boolean
  readonly folder?: string
}

/** @returns Its folder. */
export async function makeSmallRun(specText = digits, options: SmallRunOptions = {}): Promise<string> {
  const engine = await startEngine('wasm')
  const { spec, shaped } = checkText(specText, 'spec.yaml')
  const program = lowerGraph(spec, shaped)
  const experiment = interpretProgram(program)
  const all = options.data ?? (await experiment.loadData())
  const part = {
    ...all,
    train: sliceSamples(all.train, 0, options.train ?? 400),
    test: sliceSamples(all.test!, 0, options.test ?? 300),
  }
  const settled = prepareSplits(part, spec.training)
  const data = { ...settled, test: settled.test! }
  const folder = options.folder ?? join(temporaryFolder(), spec.name.replaceAll(/[^\w-]/g, '_'))
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'spec.yaml'), specText)
  // Without a manifest, as earlier versions left them: tests change their files.
  const { manifest: _name, ...environment } = environmentOf(engine, spec.training.seed, 1)
  const describing = { 'resolved.json': formatJson(spec), 'environment.json': formatJson(environment) }
  await writeRunFiles(folder, describing)
  const { model } = await trainExperiment(
    experiment,
    { data },
    { onEpochEnd: (_epoch, logs) => appendMetrics(folder, logs) },
  )
  await saveModel(model, join(folder, 'model'), describeData(data))
  if (options.interrupted !== true) {
    const { logs, inspection } = await inspectModel({ program, experiment, model }, data)
    await writeRunFiles(folder, { 'evaluation.json': formatJson(logs), 'inspection.json': formatJson(inspection) })
  }
  model.dispose()
  return folder
}
