// Constraints are applied by training alone: whatever loads weights gives a model the very bits that were saved.
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { exportTfjs } from '../../src/tasks/export/exportRun.ts'
import { buildModel, interpretProgram } from '../../src/backends/interpret/interpret.ts'
import { loadRunWeights } from '../../src/tasks/predict/runWeights.ts'
import { checkText } from '../../src/analyze.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { earlyStopping } from '../../src/parts/callbacks/earlyStopping.fast.ts'
import { readNewestCheckpoint } from '../../src/runtime/runs/checkpointFolder.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { loadWeights, saveModel, weightsDigest } from '../../src/runtime/runs/saveModel.ts'
import { trainExperiment } from '../../src/runtime/training/trainingLoop.ts'
import { assignWeights, copyWeights } from '../../src/script/weightValues.ts'
import { loadSaved } from './loadSaved.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const folder = temporaryFolder()
beforeAll(() => startEngine('cpu'))

const constraints = {
  maxNorm: '{ maxNorm: { maxValue: 0.3 } }',
  'minMaxNorm at once': '{ minMaxNorm: { minValue: 0.2, maxValue: 0.6 } }',
  'minMaxNorm little by little': '{ minMaxNorm: { minValue: 0.2, maxValue: 0.3, rate: 0.3 } }',
  nonNeg: 'nonNeg',
  unitNorm: 'unitNorm',
}

function programOf(constraint: string) {
  const text = `
name: constrained
dataset: { synthetic: { train: 40, shape: [6, 2], classes: 3 } }
layers:
  - conv1d: { filters: 4, kernelSize: 2, kernelConstraint: ${constraint}, biasConstraint: ${constraint} }
  - prelu: { alphaConstraint: ${constraint} }
  - gru: { units: 3, kernelConstraint: ${constraint}, recurrentConstraint: ${constraint} }
  - batchNormalization: { gammaConstraint: ${constraint}, betaConstraint: ${constraint} }
  - dense: { units: 3, activation: softmax, kernelConstraint: ${constraint} }
optimizer: { sgd: { learningRate: 0.5 } }
loss: categoricalCrossentropy
training: { epochs: 3, batchSize: 8, seed: 3 }
`
  const { spec, shaped, diagnostics } = checkText(text, 'constrained.yaml')
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return lowerGraph(spec!, shaped!)
}

describe.each(Object.entries(constraints))('%s', (name, constraint) => {
  const place = join(folder, name.replaceAll(' ', '-'))
  const stopped = join(place, 'stopped')
  mkdirSync(stopped, { recursive: true })

  it('is applied by training, and by nothing that loads', async () => {
    const program = programOf(constraint)
    const experiment = interpretProgram(program)
    const { model } = await trainExperiment(experiment, { folder: place })
    const digest = weightsDigest(model)
    const other = () => buildModel(program, 9)

    await saveModel(model, join(place, 'model'))
    const loaded = other()
    await loadWeights(loaded, join(place, 'model'))
    expect(weightsDigest(loaded), 'what evaluate and predict load').toBe(digest)
    expect(weightsDigest(await loadSaved(join(place, 'model'))), 'what TensorFlow.js loads').toBe(digest)

    const copied = other()
    assignWeights(copied, copyWeights(model))
    expect(weightsDigest(copied), 'what callbacks give back').toBe(digest)

    const checkpoint = await readNewestCheckpoint(place, (path, why) => expect.fail(`${path}: ${why}`))
    const resumed = await trainExperiment(experiment, { folder: place, checkpoint: checkpoint!.content })
    expect(weightsDigest(resumed.model), 'what a run resumes from').toBe(digest)
    const named = other()
    await loadRunWeights(named, place, 'step-00000015')
    expect(weightsDigest(named), 'what --checkpoint loads').toBe(digest)

    for (const checkpointName of [undefined, 'step-00000015']) {
      const out = join(place, `export-${checkpointName}`)
      await exportTfjs(program, place, out, { checkpoint: checkpointName })
      expect(readFileSync(join(out, 'weights.bin'))).toEqual(readFileSync(join(place, 'model', 'weights.bin')))
      expect(weightsDigest(await loadSaved(out)), 'what is exported').toBe(digest)
    }
  })

  it('leaves a resumed run what it would have been', async () => {
    const experiment = interpretProgram(programOf(constraint))
    const whole = await trainExperiment(experiment)
    await trainExperiment(experiment, { folder: stopped, training: { epochs: 1 } })
    const { content } = (await readNewestCheckpoint(stopped, () => {}))!
    const resumed = await trainExperiment(experiment, { folder: stopped, checkpoint: content })
    expect(weightsDigest(resumed.model)).toBe(weightsDigest(whole.model))
  })

  it('leaves the weights of the best epoch as they were', async () => {
    const experiment = interpretProgram(programOf(constraint))
    const first = await trainExperiment(experiment, { training: { epochs: 1 } })
    const stop = earlyStopping({ monitor: 'loss', mode: 'max', patience: 1, restoreBestWeights: true })
    // By the largest loss, the first epoch is the best.
    const { model } = await trainExperiment({ ...experiment, createCallbacks: () => [stop] })
    expect(weightsDigest(model)).toBe(weightsDigest(first.model))
  })
})

it('says which weight a folder lacks', async () => {
  const program = programOf('nonNeg')
  await saveModel(tf.sequential({ layers: [tf.layers.dense({ inputShape: [3], units: 2 })] }), join(folder, 'other'))
  await expect(loadWeights(buildModel(program, 1), join(folder, 'other'))).rejects.toThrow(
    'this one needs conv1d/kernel, which is missing.',
  )
})
