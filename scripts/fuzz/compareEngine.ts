/** Compares the checker's result for a spec with tf.layers on the cpu engine. */
import * as tf from '@tensorflow/tfjs'
import { buildModel } from '../../src/backends/interpret/interpret.ts'
import { analyze, type Analysis } from '../../src/analyze.ts'
import type { ShapedNode } from '../../src/graph/shapes.ts'
import { formatShape, isKnown } from '../../src/language/dims.ts'
import { layerDef } from '../../src/parts/layers/table.ts'
import { compareRefusal, refusedNodes } from './compareRefusal.ts'
import { Blame, messageOf, type Difference } from './difference.ts'
import { hasOpenSizes, programOf, withAllOutputs, withOpenSizes } from './networkProgram.ts'
import { firstThatThrows, randomBatch, runAtOnce, runWithoutMasks, tidily, type Stop } from './runNetwork.ts'

export interface Comparison {
  readonly differences: readonly Difference[]
  readonly acceptedLayers: number
  readonly refusedLayers: number
  readonly ran: boolean
}

/** The size that the run uses for sizes that the spec leaves open. */
const openSize = 7
/** Networks with more operations are not run. */
const mostOperations = 500_000

export function compareWithEngine(text: string): Comparison {
  try {
    return tidily(() => compareAnalysis(analyze(text, 'fuzz.yaml')))
  } catch (error) {
    const where = { type: '', options: {}, inputShapes: [], upstream: new Set<string>(), network: new Set<string>() }
    const difference: Difference = { kind: 'checker-fails', message: messageOf(error), ...where }
    return { differences: [difference], acceptedLayers: 0, refusedLayers: 0, ran: false }
  } finally {
    tf.disposeVariables()
  }
}

function compareAnalysis(analysis: Analysis): Comparison {
  const { nodes } = analysis.shaped
  const refused = refusedNodes(analysis)
  const isOpen = hasOpenSizes(analysis)
  const concrete = isOpen ? analyze(withOpenSizes(analysis, openSize), 'fuzz.yaml') : analysis
  const { differences, ran } = compareNetwork(analysis, concrete)
  const isExcused = differences.length > 0 && isOpen && compareBuilt(concrete).differences.length === 0
  const refusals = differences.length === 0 ? refused.flatMap((node) => compareRefusal(analysis, node)) : []
  return {
    differences: [...differences.map((one) => ({ ...one, onlyWhileOpen: isExcused })), ...refusals],
    acceptedLayers: nodes.length,
    refusedLayers: refused.length,
    ran,
  }
}

function compareNetwork(analysis: Analysis, concrete: Analysis): { differences: Difference[]; ran: boolean } {
  const { model, differences } = compareBuilt(analysis)
  const operations = analysis.shaped.nodes.reduce((sum, { flops }) => sum + flops, 0)
  if (model === undefined || differences.length > 0 || operations > mostOperations) return { differences, ran: false }
  return { differences: compareRun(analysis, concrete, model), ran: true }
}

function compareBuilt(analysis: Analysis): { model?: tf.LayersModel; differences: Difference[] } {
  const { nodes } = analysis.shaped
  const layers = nodes.filter(({ layer }) => layer.type !== 'input')
  if (layers.length === 0) return { differences: [] }
  try {
    const model = buildModel(programOf(analysis, nodes), 1)
    const blame = new Blame(nodes)
    const unmet = new Set(
      analysis.diagnostics.filter(({ code }) => code === 'shape/expect-not-met').map(({ path }) => path[1]),
    )
    return {
      model,
      differences: layers.flatMap((node, index) => {
        const stated = model.outputs[index]!.shape.slice(1)
        return [
          ...compareLayer(node, model.getLayer(node.applies ?? node.name), stated, blame),
          ...compareExpectation(node, stated, unmet.has(node.item.path[1]!), blame),
        ]
      }),
    }
  } catch (error) {
    return { differences: [blameFirst(analysis, error)] }
  }
}

/** Builds increasing parts of the network, to find the layer that the engine refuses. */
function blameFirst(analysis: Analysis, failure: unknown): Difference {
  const { nodes } = analysis.shaped
  const blame = new Blame(nodes)
  for (let count = 1; count <= nodes.length; count += 1) {
    const part = nodes.slice(0, count)
    if (part.at(-1)!.layer.type === 'input') continue
    try {
      buildModel(programOf(analysis, part), 1)
    } catch (error) {
      return blame.on('engine-refuses', part.at(-1)!, messageOf(error))
    }
  }
  return blame.on('engine-refuses', nodes.at(-1)!, messageOf(failure))
}

type Stated = readonly (number | null)[]

function compareLayer(node: ShapedNode, layer: tf.layers.Layer, stated: Stated, blame: Blame): Difference[] {
  const found: Difference[] = []
  // The engine leaves sizes open that it does not compute; those that it states must agree with ours.
  const agrees =
    stated.length === node.shape.length &&
    stated.every((size, axis) => size === null || Number.isNaN(size) || size === undefined || size === node.shape[axis])
  if (!agrees) {
    const message = `the engine has ${stated.map((size) => size ?? '?').join('x')}, we ${formatShape(node.shape)}`
    found.push(blame.on('output-shape', node, message, { stated }))
  }
  // The weights were compared at the first use.
  if (node.applies !== undefined) return found
  const ours = node.weights.map(({ shape }) => shape.join('x')).join(', ')
  const theirs = layer.weights.map(({ shape }) => shape.join('x')).join(', ')
  if (ours !== theirs) found.push(blame.on('weight-shapes', node, `the engine has ${theirs}, we ${ours}`))
  const learned = layer.trainableWeights.reduce((sum, { shape }) => sum + tf.util.sizeFromShape(shape as number[]), 0)
  if (layer.countParams() !== node.params || learned !== node.trainableParams) {
    const message = `the engine has ${layer.countParams()}, of which ${learned} are trained, we ${node.params} and ${node.trainableParams}`
    found.push(blame.on('parameters', node, message))
  }
  return found
}

/** Checks that the checker accepts an expected shape exactly if the engine states the same shape. */
function compareExpectation(node: ShapedNode, stated: Stated, isUnmet: boolean, blame: Blame): Difference[] {
  const { expect } = node.item
  if (expect === undefined || stated.some((size) => size === null)) return []
  const isMet = expect.length === stated.length && expect.every((size, axis) => size === stated[axis])
  if (isMet !== isUnmet) return []
  const message = `${expect.join('x')} is expected, the engine has ${stated.join('x')}, and the checker is content: ${!isUnmet}`
  return [blame.on('expectation', node, message, { stated })]
}

/** Runs one batch through every layer. Open sizes are filled in, and the spec is checked again with them. */
function compareRun(analysis: Analysis, concrete: Analysis, model: tf.LayersModel): Difference[] {
  const { nodes } = analysis.shaped
  const known = new Set(nodes.map(({ name }) => name))
  // Once filled in, open sizes may turn out not to fit.
  if (concrete.shaped.nodes.filter(({ name }) => known.has(name)).length < nodes.length) return []
  const all = concrete.shaped.nodes.filter(({ name }) => known.has(name))
  const layers = all.filter(({ layer }) => layer.type !== 'input')
  const blame = new Blame(all)
  const inputs = randomBatch(model, openSize, 2)
  const modes = differsInTraining(layers) ? [false, true] : [false]
  for (const training of modes) {
    const found = tidily(() => {
      const run = () => compareOutputs(layers, runAtOnce(model, inputs, training), blame)
      const atOnce = runOr(run)
      if (Array.isArray(atOnce) && atOnce.length === 0) return []
      if (misreadsMasks(concrete)) return compareWithoutMasks(all, model, inputs, training, blame)
      if (Array.isArray(atOnce)) return atOnce
      const alone = runWithoutMasks(model, all, inputs, training)
      const stop = Array.isArray(alone) ? firstThatThrows(model, layers, inputs, training) : alone
      return stop ? stopDifferences(stop, training, blame) : []
    })
    if (found.length > 0) return found
  }
  return []
}

/** Whether the checker finds, with all layers as outputs, that the engine would pass a mask to a layer that cannot read it. */
function misreadsMasks(analysis: Analysis): boolean {
  const { diagnostics } = analyze(withAllOutputs(analysis), 'fuzz.yaml')
  return diagnostics.some(({ code }) => code === 'engine/mask-misread')
}

/** Checks that a network that fails because of masks, according to the checker, runs without masks. */
function compareWithoutMasks(
  nodes: readonly ShapedNode[],
  model: tf.LayersModel,
  inputs: readonly tf.Tensor[],
  training: boolean,
  blame: Blame,
): Difference[] {
  const layers = nodes.filter(({ layer }) => layer.type !== 'input')
  const outputs = runWithoutMasks(model, nodes, inputs, training)
  return Array.isArray(outputs) ? compareOutputs(layers, outputs, blame) : stopDifferences(outputs, training, blame)
}

/** Returns no difference for a layer that the checker refuses only in specs with training. */
function stopDifferences({ node, message }: Stop, training: boolean, blame: Blame): Difference[] {
  return training && cannotBeTrained(node) ? [] : [blame.on('run-refuses', node, message)]
}

function runOr<T>(run: () => T): T | string {
  try {
    return run()
  } catch (error) {
    return messageOf(error)
  }
}

function compareOutputs(layers: readonly ShapedNode[], outputs: readonly tf.Tensor[], blame: Blame): Difference[] {
  return outputs.flatMap((output, index) => {
    const node = layers[index]!
    const given = output.shape.slice(1)
    const isSame =
      given.length === node.shape.length && node.shape.every((size, axis) => !isKnown(size) || size === given[axis])
    const message = `the run gives ${given.join('x')}, we say ${formatShape(node.shape)}`
    return isSame ? [] : [blame.on('run-shape', node, message, { given })]
  })
}

function cannotBeTrained({ layer, inputShapes }: ShapedNode): boolean {
  return layerDef(layer.type).missingGradient?.(layer.options as never, inputShapes) !== undefined
}

/** Whether a layer draws random numbers or updates statistics in training. */
function differsInTraining(layers: readonly ShapedNode[]): boolean {
  return layers.some(({ layer }) =>
    /dropout|noise|batchNormalization/i.test(JSON.stringify([layer.type, layer.options])),
  )
}
