/**
 * Layers that tf.layers lacks or computes otherwise: what they answer, and their gradients, must be those of Keras on every
 * engine; and the gradients must be those that numerical differentiation finds.
 */
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { buildModel } from '../../src/backends/interpret/interpret.ts'
import { checkText } from '../../src/analyze.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import type { EngineInfo } from '../../src/runtime/engines/engineInfo.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { yamlText } from '../../src/source/edits.ts'
import { engineStarts } from '../runtime/engineStarts.ts'
import { readReference, type LayerReference, type Listed } from './reference.ts'

const { layers } = readReference()
const cases = layers.map(
  (one) => [`${one.type} ${yamlText(one.options)} on ${one.input.shape.slice(1).join('x')}`, one] as const,
)
const engines: readonly EngineInfo['name'][] = ['cpu', 'wasm', 'node']

for (const engine of engines) {
  describe.skipIf(!(await engineStarts(engine)))(`as in Keras on ${engine}`, () => {
    it.each(cases)('%s', async (_name, reference) => {
      await startEngine(engine)
      const model = buildLayer(reference)
      tf.tidy(() => {
        const differentiated = differentiate(model, reference)
        const { answer, gradients } = differentiated
        expectClose(answer, reference.answer, 'answer')
        for (const [index, wanted] of reference.gradients!.entries())
          expectClose(
            gradients[index]!,
            wanted,
            index === 0 ? 'gradient by the input' : `gradient by weight ${index - 1}`,
          )
        if (reference.after) {
          const found = model.getLayer('tested').getWeights()
          for (const [index, wanted] of reference.after.entries())
            expectClose(found[index]!, wanted, `weight ${index} after`)
        }
        checkNumerically(differentiated)
      })
      model.dispose()
    })
  })
}

function buildLayer({ type, options, input, weights }: LayerReference): tf.LayersModel {
  const text = `name: net\ninput: { shape: [${input.shape.slice(1).join(', ')}] }\nlayers:\n  - ${yamlText({ [type]: { name: 'tested', ...options } })}\nloss: meanSquaredError\n`
  const { spec, shaped, diagnostics } = checkText(text, 'net.yaml')
  expect(diagnostics.filter(({ code }) => /^(engine|shape|schema)/.test(code)).map(({ message }) => message)).toEqual(
    [],
  )
  const model = buildModel(lowerGraph(spec, shaped), 1)
  const layer = model.getLayer('tested')
  expect(layer.weights.map(({ shape }) => shape)).toEqual(weights.map(({ shape }) => shape))
  tf.tidy(() => layer.setWeights(weights.map(tensorOf)))
  return model
}

interface Differentiated {
  readonly answer: tf.Tensor
  readonly variables: readonly tf.Variable[]
  readonly gradients: readonly tf.Tensor[]
  loss(): number
}

/** The answer in training, and the gradients of the sum of answer · factors by the input and the trained weights. */
function differentiate(model: tf.LayersModel, { input, factors }: LayerReference): Differentiated {
  const given = tf.variable(tensorOf(input))
  const variables = [given, ...model.trainableWeights.map((weight) => weight.read() as tf.Variable)]
  const run = () => model.apply(given, { training: true }) as tf.Tensor
  const sum = (answer: tf.Tensor) => answer.mul(tensorOf(factors!)).sum().asScalar()
  let answer: tf.Tensor | undefined
  const { grads } = tf.variableGrads(() => {
    answer = tf.keep(run())
    return sum(answer)
  }, variables)
  const gradients = variables.map(({ name }) => grads[name]!)
  return { answer: answer!, variables, gradients, loss: () => sum(run()).dataSync()[0]! }
}

/** The slope of the sum along a random direction of all variables together, by central differences. */
function checkNumerically({ variables, gradients, loss }: Differentiated): void {
  const step = 1e-3
  const directions = variables.map(({ shape }, index) => tf.randomNormal(shape, 0, 1, 'float32', index + 1))
  const before = variables.map((variable) => variable.clone())
  const move = (by: number) => {
    for (const [index, variable] of variables.entries()) variable.assign(before[index]!.add(directions[index]!.mul(by)))
    return loss()
  }
  const found = (move(step) - move(-step)) / (2 * step)
  move(0)
  const products = gradients.map((gradient, index) => gradient.mul(directions[index]!).sum().dataSync()[0]!)
  const wanted = products.reduce((total, one) => total + one, 0)
  expect(Math.abs(found - wanted), `slope ${wanted}, numerically ${found}`).toBeLessThan(
    0.02 * Math.max(1, Math.abs(wanted)),
  )
}

function tensorOf({ shape, values }: Listed): tf.Tensor {
  return tf.tensor([...values], [...shape], 'float32')
}

function expectClose(found: tf.Tensor, wanted: Listed, what: string): void {
  expect(found.shape, what).toEqual(wanted.shape)
  const values = [...found.dataSync()]
  const worst = values.findIndex(
    (value, index) => !(Math.abs(value - wanted.values[index]!) < 1e-4 * Math.max(1, Math.abs(wanted.values[index]!))),
  )
  if (worst >= 0) expect.fail(`${what}: [${worst}] is ${values[worst]}, want ${wanted.values[worst]}`)
}
