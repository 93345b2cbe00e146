/** What is exported for TensorFlow.js is loaded by it, and by nothing of ours; what it cannot run is not exported. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { exportKeras, exportTfjs } from '../../../src/tasks/export/exportRun.ts'
import { buildModel } from '../../../src/backends/interpret/interpret.ts'
import { checkText } from '../../../src/analyze.ts'
import { lowerGraph } from '../../../src/program/lowerGraph.ts'
import { startEngine } from '../../../src/runtime/engines/startEngine.ts'
import { readModel, saveModel } from '../../../src/runtime/runs/saveModel.ts'
import { callCommand } from '../../cli/callCommand.ts'
import { runCli } from '../../cli/runCli.ts'
import { makeSmallRun } from '../../report/smallRun.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

/** A run folder with a network that nobody trained. */
async function saveNetwork(layers: string) {
  const text = `name: net\ninput: { shape: [8, 8, 1] }\nlayers:\n${layers}`
  const { spec, shaped } = checkText(text, 'net.yaml')
  const program = lowerGraph(spec, shaped)
  await startEngine('cpu')
  const model = buildModel(program, 5)
  const folder = temporaryFolder()
  await saveModel(model, join(folder, 'model'))
  writeFileSync(join(folder, 'spec.yaml'), text)
  writeFileSync(join(folder, 'resolved.json'), JSON.stringify(spec))
  return { folder, program, model }
}

it('exports what TensorFlow.js loads by itself', async () => {
  const { folder, program, model } = await saveNetwork(
    '  - conv2d: { filters: 3, kernelSize: 3, dilationRate: 2 }\n  - batchNormalization: { scale: false }\n  - flatten\n  - dense: { units: 2 }\n',
  )
  const out = join(folder, 'out')
  expect(await exportTfjs(program, folder, out)).toEqual([join(out, 'model.json'), join(out, 'weights.bin')])
  const loaded = await tf.loadLayersModel(tf.io.fromMemory(await readModel(out)))
  const input = tf.randomUniform([2, 8, 8, 1], 0, 1, 'float32', 1)
  const [ours, theirs] = [model, loaded].map((one) => [...(one.predict(input) as tf.Tensor).dataSync()])
  expect(theirs).toEqual(ours!.map((value) => expect.closeTo(value, 5)))
})

it.each([
  ['a layer of our own', '  - minPooling2d: { poolSize: 2 }\n  - flatten\n', /own layers: .*MinPooling2D/],
  ['a layer that it loads as another', '  - resizing: { height: 4, width: 4 }\n  - flatten\n', /own layers: .*resize/],
])('does not export %s', async (_what, layers, message) => {
  const { folder } = await saveNetwork(layers)
  // In a process of its own: TensorFlow.js would find the layers that this process has registered.
  const result = await runCli(['export', folder, '--out', join(folder, 'out')])
  expect(result).toMatchObject({ code: 2, stdout: '' })
  expect(result.stderr).toMatch(message)
  expect(result.stderr).toMatch(/\nhelp: .*predict/)
  expect(readdirSync(folder).toSorted()).toEqual(['model', 'resolved.json', 'spec.yaml'])
})

it('names the layer that Keras lacks', async () => {
  const { folder, program } = await saveNetwork('  - randomWidth: { factor: 0.1 }\n  - globalAveragePooling2d\n')
  await expect(exportKeras(program, folder, folder)).rejects.toThrow('Keras 3 has no layer that changes the width')
})

it('is a command, which writes into the run folder', { timeout: 120_000 }, async () => {
  const run = await makeSmallRun(undefined, { train: 32, test: 10 })
  const keras = await callCommand(['export', run, '--format', 'keras'])
  expect(keras).toMatchObject({
    code: 0,
    stdout: `${join(run, 'export', 'keras', 'model.py')}\n${join(run, 'export', 'keras', 'weights.npz')}\n`,
  })
  expect(readFileSync(join(run, 'export', 'keras', 'model.py'), 'utf8')).toContain(`CLASS_NAMES = ["0", "1", "2"`)
  const tfjs = await callCommand(['export', run, '-o', join(run, 'mine')])
  expect(tfjs).toMatchObject({ code: 0 })
  expect(JSON.parse(readFileSync(join(run, 'mine', 'model.json'), 'utf8'))).toMatchObject({
    userDefinedMetadata: { preprocessing: { scale: 1 / 255 } },
  })
})
