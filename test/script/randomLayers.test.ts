/** Random layers are numbered in the order of the spec: what each draws does not depend on when it is computed. */
import * as tf from '@tensorflow/tfjs'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { interpretProgram } from '../../src/backends/interpret/interpret.ts'
import { createEmitter } from '../../src/backends/typescript/emit.ts'
import { seedRandomLayers } from '../../src/patches/randomLayers.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { startWasmEngine } from '../../src/runtime/engines/wasmEngine.ts'
import { seedOfStep } from '../../src/script/draws.ts'
import { drawsOf, seedDraws } from '../../src/script/layerDraws.ts'

const folder = mkdtempSync(fileURLToPath(new URL('.scripts-', import.meta.url)))
beforeAll(startWasmEngine)
afterAll(() => rmSync(folder, { recursive: true }))

/** A model of tf.layers lists its layers by their depth: those of the long branch first, which is the last in the spec. */
const branched = (trunk: string, more: string) => `
name: branched
dataset: mnist
layers:
  - averagePooling2d: { poolSize: 7 }
  - ${trunk}
  - flatten: { name: trunk }
  - dropout: { name: short, rate: 0.5 }
  - dense: { units: 12, inputs: trunk }${more}
  - dropout: { name: long0, rate: 0.5 }
  - dense: { units: 12 }
  - dropout: { name: long1, rate: 0.4 }
  - dense: { units: 12 }
  - dropout: { name: long2, rate: 0.3 }
  - concatenate: { inputs: [long2, short] }
  - dense: { units: 10, activation: softmax }
optimizer: sgd
loss: categoricalCrossentropy
training: { epochs: 3, batchSize: 8, seed: 9 }
`

const rows = [
  { name: 'dropout alone', trunk: 'reLU', more: '', names: ['short', 'long0', 'long1', 'long2'] },
  {
    name: 'dropout beside noise',
    trunk: 'gaussianNoise: { name: noise, stddev: 0.1 }',
    more: '\n  - gaussianDropout: { name: factors, rate: 0.3 }\n  - alphaDropout: { name: alpha, rate: 0.7 }',
    names: ['noise', 'short', 'factors', 'alpha', 'long0', 'long1', 'long2'],
  },
  {
    name: 'dropout beside other random layers',
    trunk: 'gaussianNoise: { name: noise, stddev: 0.1 }',
    more: '\n  - reshape: { targetShape: [3, 4] }\n  - gru: { units: 6, dropout: 0.3, recurrentDropout: 0.2, name: steps }',
    names: ['noise', 'short', 'steps', 'long0', 'long1', 'long2'],
  },
]

const [seed, step] = [9, 5]

/** What these layers answer in training, by their names. */
function watch(model: tf.LayersModel, names: readonly string[], train: () => void) {
  const answers: Record<string, number[]> = {}
  for (const name of names) {
    const layer = model.getLayer(name)
    const apply = layer.apply.bind(layer)
    layer.apply = (inputs, options) => {
      const answer = apply(inputs, options)
      if (answer instanceof tf.Tensor) answers[name] = [...answer.dataSync()]
      return answer
    }
  }
  train()
  return answers
}

describe.each(rows)('$name', ({ trunk, more, names }) => {
  const specText = branched(trunk, more)
  const { spec, shaped } = checkText(specText, 'spec.yaml')
  const program = lowerGraph(spec, shaped)
  const inputs = () => tf.randomUniform([8, 28, 28, 1], 0, 1, 'float32', 3)

  /** @param change Of the outputs of the network that is computed, so that layers take turns in another order. */
  function trained(change: (outputs: tf.SymbolicTensor[]) => tf.SymbolicTensor[]) {
    const model = interpretProgram(program).buildModel(seed)
    const outputs = change(names.map((name) => model.getLayer(name).output as tf.SymbolicTensor))
    return watch(model, names, () => {
      seedRandomLayers(model, seedOfStep(seed, step))
      tf.tidy(() => void tf.model({ inputs: model.inputs, outputs }).apply(inputs(), { training: true }))
    })
  }

  async function scripted() {
    const options = { backend: 'node', specFile: 'spec.yaml', specText, version: '0.0.0' } as const
    const path = join(folder, `script${names.length}.ts`)
    writeFileSync(path, (await createEmitter().emitProgram(program, options)).text)
    const script = (await import(pathToFileURL(path).href)) as {
      readonly training: object
      buildModel(seed: number): tf.LayersModel
      createTrainer(model: tf.LayersModel, training: object): object
      trainStep(trainer: object, batch: object, logs: object, share: number, position: object): void
    }
    const model = script.buildModel(seed)
    const trainer = script.createTrainer(model, script.training)
    const batch = { inputs: inputs(), labels: tf.zeros([8], 'int32') }
    return watch(model, names, () => script.trainStep(trainer, batch, {}, 1, { step, stepsPerEpoch: 3, epochs: 3 }))
  }

  const expectSame = (got: Record<string, number[]>, want: Record<string, number[]>) => {
    expect(Object.keys(got).toSorted()).toEqual([...names].toSorted())
    for (const name of names) {
      const furthest = Math.max(...got[name]!.map((value, place) => Math.abs(value - want[name]![place]!)))
      expect(furthest, name).toBeLessThan(1e-5)
    }
  }

  it('has its layers in another order than the spec', () => {
    const { layers } = interpretProgram(program).buildModel(seed)
    const listed = layers.map((layer) => layer.name).filter((name) => names.includes(name))
    expect(listed).not.toEqual(names)
  })

  it('draws the same in whatever order layers are computed', () => {
    const all = trained((outputs) => outputs)
    expectSame(
      trained((outputs) => outputs.toReversed()),
      all,
    )
    expectSame(
      trained((outputs) => [outputs.at(-1)!, ...outputs.slice(0, -1)]),
      all,
    )
  })

  it('draws the same in the script', async () => {
    expectSame(
      await scripted(),
      trained((outputs) => outputs),
    )
  })

  it('draws by the place in the spec', () => {
    const answers = trained((outputs) => outputs)
    seedDraws(seed, step)
    for (const [place, name] of names.entries()) {
      if (!name.startsWith('long')) continue
      const rate = { long0: 0.5, long1: 0.4, long2: 0.3 }[name]!
      const draw = drawsOf(place)
      expect(answers[name]!.map((value) => value !== 0)).toEqual(answers[name]!.map(() => draw() >= rate))
    }
  })
})
