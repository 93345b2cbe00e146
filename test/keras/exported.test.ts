/** Networks of layers that stock TensorFlow.js throws at or computes otherwise: exported for it only where it answers alike. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exportTfjs } from '../../src/tasks/export/exportRun.ts'
import { buildModel } from '../../src/backends/interpret/interpret.ts'
import { checkText } from '../../src/analyze.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { saveModel } from '../../src/runtime/runs/saveModel.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

async function exportNetwork(shape: string, layer: string): Promise<string[]> {
  const text = `name: net\ninput: { shape: ${shape} }\nlayers:\n  - ${layer}\n  - flatten\n  - dense: { units: 2 }\n`
  const { spec, shaped } = checkText(text, 'net.yaml')
  const program = lowerGraph(spec, shaped)
  await startEngine('cpu')
  const folder = temporaryFolder()
  const model = buildModel(program, 5)
  await saveModel(model, join(folder, 'model'))
  model.dispose()
  return await exportTfjs(program, folder, join(folder, 'out'))
}

describe('exported for TensorFlow.js', () => {
  it.each([
    ['[6, 2]', 'conv1d: { filters: 2, kernelSize: 3, padding: causal }'],
    ['[6, 6, 2]', 'depthwiseConv2d: { kernelSize: 2, dilationRate: 2, padding: same }'],
    ['[6, 6, 2]', 'conv2dTranspose: { filters: 2, kernelSize: 2, dilationRate: 2, padding: same }'],
    ['[5, 5, 5, 1]', 'maxPooling3d: { poolSize: 1, strides: 3, padding: same }'],
    ['[4, 3]', 'softmax: { axis: 1 }'],
    ['[4, 3]', 'elu: { alpha: 0.5 }'],
    ['[4, 3]', 'gru: { units: 2, resetAfter: true, returnSequences: true }'],
    ['[4, 3]', 'bidirectional: { layer: { gru: { units: 2, resetAfter: true, returnSequences: true } } }'],
  ])('%s %s is refused', async (shape, layer) => {
    await expect(exportNetwork(shape, layer)).rejects.toThrow('with its own layers')
  })

  it.each([
    ['[4, 3]', 'batchNormalization: { axis: 1, trainable: false }'],
    ['[4, 3]', 'masking'],
    ['[4, 3]', 'thresholdedReLU'],
    ['[4, 3]', 'dense: { units: 2, activityRegularizer: l2 }'],
    ['[2, 3, 2, 1]', 'conv3dTranspose: { filters: 2, kernelSize: 2 }'],
  ])('%s %s is written', async (shape, layer) => {
    expect(await exportNetwork(shape, layer)).toHaveLength(2)
  })
})
