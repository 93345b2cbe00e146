/** Tries layers that the checker refused with the engine, which must refuse them too, when building or running. */
import * as tf from '@tensorflow/tfjs'
import type { TObject } from 'typebox'
import { buildModel } from '../../src/backends/interpret/interpret.ts'
import type { Analysis } from '../../src/analyze.ts'
import type { GraphNode } from '../../src/graph/graph.ts'
import type { ShapedNode } from '../../src/graph/shapes.ts'
import { symbol } from '../../src/language/dims.ts'
import { resolveOptions } from '../../src/language/schema.ts'
import { layerDef } from '../../src/parts/layers/table.ts'
import { ancestorsOf, Blame, type Difference } from './difference.ts'
import { programOf } from './networkProgram.ts'
import { randomBatch, runAtOnce, tidily } from './runNetwork.ts'

/**
 * Sizes and sample counts to try. A refused layer that depends on an open size, or on the number of samples, must throw
 * for one of them; after a window of 7 they still differ.
 */
const trials = [
  { openSize: 7, samples: 2 },
  { openSize: 13, samples: 3 },
]

/** Returns the nodes that the checker refused although it accepted their inputs. */
export function refusedNodes({ graph, shaped }: Analysis): GraphNode[] {
  const known = new Set(shaped.nodes.map(({ name }) => name))
  return graph.nodes.filter(
    ({ name, inputs, applies }) =>
      !known.has(name) && [...inputs, ...(applies === undefined ? [] : [applies])].every((one) => known.has(one)),
  )
}

export function compareRefusal(analysis: Analysis, node: GraphNode): Difference[] {
  const { applies } = node
  const behind = applies === undefined ? node : { ...node, inputs: [...node.inputs, applies] }
  const before = ancestorsOf(behind, new Map(analysis.shaped.nodes.map((one) => [one.name, one])))
  const tried = withoutShape(node, before)
  const place = node.item.path
  const refusal = analysis.diagnostics.find(
    ({ path, severity }) => severity === 'error' && place.every((step, index) => path[index] === step),
  )
  const answer = tryLayer(analysis, before, tried)
  if (answer === undefined) return []
  const option = refusal?.path[place.length]
  const message = `the engine gives ${answer.stated.map((size) => size ?? '?').join('x')}`
  const evidence = {
    code: refusal?.code ?? 'nothing',
    stated: answer.stated,
    given: answer.given,
    // In a further use of a layer, its options cannot be the problem.
    ...(typeof option === 'string' &&
      applies === undefined && {
        option,
        ignoresOption: isIgnored(option, answer, analysis, before, tried),
      }),
  }
  return [new Blame(analysis.shaped.nodes).on('engine-accepts', tried, message, evidence)]
}

/** Returns the node in the form that lowering expects, with the shape of its first input, because its own is unknown. */
function withoutShape(node: GraphNode, before: readonly ShapedNode[]): ShapedNode {
  const byName = new Map(before.map((one) => [one.name, one]))
  const inputShapes = node.inputs.map((input) => byName.get(input)!.shape)
  // Lowering of reshape uses the output shape.
  const target = node.layer.options['targetShape'] as readonly (number | null)[] | undefined
  const shape = target?.map((size) => (size === null || size < 0 ? symbol('?') : size)) ?? inputShapes[0] ?? []
  return { ...node, inputShapes, shape, weights: [], params: 0, trainableParams: 0, flops: 0 }
}

interface Answer {
  readonly stated: readonly (number | null)[]
  readonly given: readonly number[]
  readonly values: Float32Array
}

/** Returns the engine's outputs of the layer, with and without training; undefined if it throws. */
function tryLayer(analysis: Analysis, before: readonly ShapedNode[], tried: ShapedNode): Answer | undefined {
  return tidily(() => {
    try {
      const whole = buildModel(programOf(analysis, [...before, tried]), 1)
      const output = whole.outputs.at(-1)!
      const model = tf.model({ inputs: whole.inputs, outputs: output })
      const [result] = trials.map(({ openSize, samples }) => {
        const inputs = randomBatch(model, openSize, samples)
        const [answer, inTraining] = [false, true].map((training) => runAtOnce(model, inputs, training)[0]!)
        tf.util.assertShapesMatch(answer!.shape, inTraining!.shape)
        return answer!
      })
      // As after a step: writing a weight applies its constraint, which must also fit a frozen weight.
      for (const weight of model.weights) weight.write(tf.clone(weight.read()))
      return {
        stated: output.shape.slice(1),
        given: result!.shape.slice(1),
        values: result!.dataSync() as Float32Array,
      }
    } catch {
      return undefined
    }
  })
}

/** Whether the layer gives the same outputs without the option. */
function isIgnored(
  option: string,
  answer: Answer,
  analysis: Analysis,
  before: readonly ShapedNode[],
  tried: ShapedNode,
): boolean {
  const { [option]: _refused, ...rest } = tried.layer.options
  const options = resolveOptions(layerDef(tried.layer.type).schema as TObject, rest)
  const plain = tryLayer(analysis, before, { ...tried, layer: { ...tried.layer, options } })
  return plain !== undefined && plain.values.every((value, index) => Object.is(value, answer.values[index]))
}
