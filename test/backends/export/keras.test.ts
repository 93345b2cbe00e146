/** Exported networks in Keras itself, where a Python has it: they must answer as ours do. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { exportKeras } from '../../../src/backends/export/exportRun.ts'
import { encodeNpz } from '../../../src/backends/export/npz.ts'
import { buildModel } from '../../../src/backends/interpret.ts'
import { checkText } from '../../../src/compile.ts'
import { lowerGraph } from '../../../src/program/lowerGraph.ts'
import { startEngine } from '../../../src/runtime/engines/startEngine.ts'
import { saveModel } from '../../../src/runtime/saveModel.ts'
import { exportNetworks } from './exportNetworks.ts'

const python = process.env['KERAS_PYTHON'] ?? 'python3'
const hasKeras = canImportKeras()
if (!hasKeras) process.stderr.write('SKIPPED: no Python with Keras 3 was found (KERAS_PYTHON names one)\n')

function canImportKeras(): boolean {
  try {
    execFileSync(python, ['-c', 'import keras; assert keras.__version__ >= "3"'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Runs every folder's model on its inputs, and prints all answers. */
const runner = `
import importlib.util, json, sys
import numpy as np
answers = {}
for folder in sys.argv[1:]:
    spec = importlib.util.spec_from_file_location("model", folder + "/model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = module.load_model()
    with np.load(folder + "/inputs.npz") as arrays:
        inputs = [arrays[str(index)] for index in range(len(model.inputs))]
    outputs = model(inputs if len(inputs) > 1 else inputs[0], training=False)
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    answers[folder] = [np.asarray(output).ravel().tolist() for output in outputs]
print(json.dumps(answers))
`

describe.skipIf(!hasKeras)('exported to Keras', { timeout: 180_000 }, () => {
  const root = mkdtempSync(join(tmpdir(), 'shapewright-keras-'))
  const ours: Record<string, number[][]> = {}
  let keras: Readonly<Record<string, number[][]>>

  beforeAll(async () => {
    await startEngine('cpu')
    for (const [name, text] of Object.entries(exportNetworks)) ours[name] = await exportNetwork(name, text)
    writeFileSync(join(root, 'run.py'), runner)
    const folders = Object.keys(exportNetworks).map((name) => join(root, name))
    const output = execFileSync(python, [join(root, 'run.py'), ...folders], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '' },
    })
    keras = JSON.parse(output.trim().split('\n').at(-1)!) as typeof keras
  }, 180_000)

  it.each(Object.keys(exportNetworks))('%s: answers as here, within 1e-5', (name) => {
    const theirs = keras[join(root, name)]!
    expect(theirs.map((output) => output.length)).toEqual(ours[name]!.map((output) => output.length))
    const differences = ours[name]!.flatMap((output, index) =>
      output.map((value, at) => Math.abs(value - theirs[index]![at]!)),
    )
    expect(ours[name]!.flat().some((value) => value !== 0)).toBe(true)
    expect(Math.max(...differences)).toBeLessThan(1e-5)
  })

  /** Exports a network of random weights; returns what it answers to the inputs that are left beside it. */
  async function exportNetwork(name: string, text: string): Promise<number[][]> {
    const { spec, shaped, diagnostics } = checkText(`name: ${name}${text}`, `${name}.yaml`)
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    const program = lowerGraph(spec, shaped)
    const model = buildModel(program, 3)
    for (const layer of model.layers) {
      const drawn = layer.weights.map(({ shape, originalName }, index) => {
        const values = tf.randomNormal(shape as number[], 0, 0.4, 'float32', index + 1)
        return /variance/i.test(originalName) ? values.abs().add(0.1) : values
      })
      layer.setWeights(drawn)
    }
    const run = join(root, name)
    mkdirSync(run)
    await saveModel(model, join(run, 'model'), {
      classNames: ['yes', '"no"'],
      preprocessing: { shape: [1], scale: 0.5 },
    })
    await exportKeras(program, run, run)
    const inputs = model.inputs.map(({ shape }, index) =>
      tf.randomUniform(
        shape.map((size) => size ?? 3),
        0,
        1,
        'float32',
        index + 1,
      ),
    )
    const arrays = inputs.map((input, index) => ({
      name: String(index),
      shape: input.shape,
      values: input.dataSync() as Float32Array,
    }))
    writeFileSync(join(run, 'inputs.npz'), Buffer.concat(await encodeNpz(arrays, '')))
    const answers = [model.predict(inputs.length === 1 ? inputs[0]! : inputs)].flat()
    return answers.map((answer) => [...answer.dataSync()])
  }
})
