/**
 * One harness that checks all that a layer type promises, as Keras's run_layer_test does. A row states options, the input
 * and what must come out; besides, the real tf.layers layer, built from what the layer lowers to, must agree on the
 * output shape, on every weight's shape, on the parameter count, on a prediction and on the gradients.
 */
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { buildModel } from '../../../src/backends/interpret/interpret.ts'
import { analyze, type Analysis } from '../../../src/analyze.ts'
import type { DiagnosticCode } from '../../../src/diagnostics/codes.ts'
import { toJsonShape } from '../../../src/language/dims.ts'
import { lowerGraph } from '../../../src/program/lowerGraph.ts'
import { startEngine } from '../../../src/runtime/engines/startEngine.ts'
import { yamlText } from '../../../src/source/edits.ts'

export type Sizes = readonly (number | null)[]

interface LayerInput {
  readonly options?: Readonly<Record<string, unknown>>
  /** The shape of a sample, or the shapes of several inputs. */
  readonly input: Sizes | readonly Sizes[]
}

export interface LayerCase extends LayerInput {
  readonly shape: Sizes
  /** All parameters, trainable or not; none unless stated. */
  readonly params?: number
  readonly trainableParams?: number
  readonly flops?: number
  /** Inputs are whole numbers below this, for layers that look things up; real numbers unless stated. */
  readonly integersBelow?: number
  /** False where TensorFlow.js has no gradient on its cpu engine. */
  readonly trains?: false
  /** False where TensorFlow.js cannot compute it on its cpu engine. */
  readonly predicts?: false
}

export interface RejectedCase extends LayerInput {
  readonly code: DiagnosticCode
  /** The option that the message points at; the layer itself unless stated. */
  readonly at?: string
  /** Part of the message, where the numbers matter. */
  readonly message?: string
}

/** What a null of an input shape is when a batch is made. */
const sizeAtRun = 8
const batchSize = 2

/** Tests that `type` accepts each row with the shape and counts it states, and that tf.layers agrees. */
export function testLayer(type: string, cases: readonly LayerCase[]): void {
  describe(type, () => {
    it.each(cases.map((one) => [describeCase(one), one] as const))('%s', async (_title, one) => {
      await startEngine('cpu')
      const node = checkInferred(type, one)
      checkAgainstTensorFlow(type, one, node)
    })
  })
}

/** Tests that each row is one error of the stated code, on the option it states. */
export function testRejectedLayers(type: string, cases: readonly RejectedCase[]): void {
  describe(`${type}, rejected`, () => {
    it.each(cases.map((one) => [`${describeCase(one)} ${one.code}`, one] as const))('%s', (_title, one) => {
      const { diagnostics } = analyzeCase(type, one)
      const errors = diagnostics.filter(({ severity }) => severity === 'error')
      expect(errors.map(({ code }) => code)).toEqual([one.code])
      expect(errors[0]!.path.at(-1)).toBe(one.at ?? errors[0]!.path.at(-1))
      if (one.message !== undefined) expect(errors[0]!.message).toContain(one.message)
    })
  })
}

function describeCase({ options = {}, input }: LayerInput): string {
  return `${yamlText(options)} on ${JSON.stringify(input)}`
}

/** The shapes of all inputs: one shape is a list of sizes, several are a list of lists. */
export function inputsOf(input: LayerInput['input']): readonly Sizes[] {
  return input.length > 0 && input.every((item) => Array.isArray(item)) ? (input as readonly Sizes[]) : [input as Sizes]
}

export function analyzeCase(type: string, { options = {}, input }: LayerInput): Analysis {
  const shapes = inputsOf(input)
  const names = shapes.map((_shape, index) => `input${index}`)
  const feeds = shapes.length > 1 ? { inputs: names } : {}
  const layers = [
    ...shapes.map((shape, index) => ({ input: { name: names[index], shape } })),
    { [type]: { name: 'tested', ...feeds, ...options } },
  ]
  return analyze(`name: layer\nlayers:\n${layers.map((layer) => `  - ${yamlText(layer)}\n`).join('')}`, 'layer.yaml')
}

function checkInferred(type: string, one: LayerCase): ReturnType<typeof testedNode> {
  const { diagnostics, shaped } = analyzeCase(type, one)
  // What a network of this one layer is good for is not the question.
  const told = diagnostics.filter(({ code, severity }) => severity === 'error' || !code.startsWith('meaning/'))
  expect(told.map(({ message }) => message)).toEqual([])
  const node = testedNode(shaped)
  expect(toJsonShape(node.shape)).toEqual(one.shape)
  expect(node.params).toBe(one.params ?? 0)
  if (one.trainableParams !== undefined) expect(node.trainableParams).toBe(one.trainableParams)
  if (one.flops !== undefined) expect(node.flops).toBe(one.flops)
  expect(Number.isFinite(node.flops) && node.flops >= 0).toBe(true)
  return node
}

function testedNode(shaped: Analysis['shaped']) {
  const node = shaped.nodes.find(({ name }) => name === 'tested')
  if (node === undefined) throw new Error('the layer has no shape')
  return node
}

function checkAgainstTensorFlow(type: string, one: LayerCase, node: ReturnType<typeof testedNode>): void {
  const { spec, shaped } = analyzeCase(type, one)
  const program = lowerGraph(spec, shaped)
  expect(JSON.parse(JSON.stringify(program))).toEqual(program)
  const model = buildModel(program, 1)
  const layer = model.getLayer('tested')
  const output = layer.outputShape as (number | null)[]
  // tf.layers leaves some sizes open that follow from the spec; it must never state another one.
  expect(output.slice(1).map((size, axis) => size ?? one.shape[axis])).toEqual(one.shape)
  expect(layer.weights.map(({ shape }) => shape)).toEqual(node.weights.map(({ shape }) => [...shape]))
  expect(layer.countParams()).toBe(node.params)
  const learned = layer.trainableWeights.reduce((sum, { shape }) => sum + tf.util.sizeFromShape(shape as number[]), 0)
  expect(learned).toBe(node.trainableParams)
  if (one.predicts !== false) checkPrediction(type, one, model)
  if (one.trains !== false && one.predicts !== false && learned > 0) checkGradients(one, model)
  model.dispose()
}

function checkPrediction(type: string, one: LayerCase, model: tf.LayersModel): void {
  const atRun = inputsOf(one.input).map((shape) => shape.map((size) => size ?? sizeAtRun))
  const wanted = testedNode(analyzeCase(type, { ...one, input: atRun.length === 1 ? atRun[0]! : atRun }).shaped)
  tf.tidy(() => {
    const predicted = model.predict(batchOf(one)) as tf.Tensor
    expect(predicted.shape).toEqual([batchSize, ...wanted.shape])
    expect(predicted.isFinite().all().dataSync()[0]).toBe(1)
  })
}

function checkGradients(one: LayerCase, model: tf.LayersModel): void {
  tf.tidy(() => {
    const batch = batchOf(one)
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
    const loss = () => (model.apply(batch, { training: true }) as tf.Tensor).square().mean().asScalar()
    const { grads } = tf.variableGrads(loss, variables)
    expect(Object.values(grads).map(({ shape }) => shape)).toEqual(variables.map(({ shape }) => shape))
    for (const gradient of Object.values(grads)) expect(gradient.isFinite().all().dataSync()[0]).toBe(1)
  })
}

function batchOf({ input, integersBelow }: LayerCase): tf.Tensor | tf.Tensor[] {
  const batches = inputsOf(input).map((shape, index) => {
    const sizes = [batchSize, ...shape.map((size) => size ?? sizeAtRun)]
    return integersBelow === undefined
      ? tf.randomUniform(sizes, -1, 1, 'float32', index + 1)
      : tf.randomUniform(sizes, 0, integersBelow, 'int32', index + 1)
  })
  return batches.length === 1 ? batches[0]! : batches
}
