/** The shaped graph to a program: names, seeds and training made explicit. */
import { datasetTable } from '../datasets/table.ts'
import type { ShapedGraph, ShapedNode } from '../graph/shapes.ts'
import { formatShape } from '../layers/dims.ts'
import { express, reference, type Call, type Expression } from '../layers/expression.ts'
import { layerDef } from '../layers/table.ts'
import { lossTable } from '../losses/table.ts'
import { metricTable } from '../metrics/table.ts'
import { optimizerTable } from '../optimizers/table.ts'
import type { Spec } from '../spec/spec.ts'
import type { Program, ProgramExperiment, ProgramLayer } from './program.ts'

/** Lowers a graph without errors. */
export function lowerGraph(spec: Spec, shaped: ShapedGraph): Program {
  const numberSeeds = createSeedNumbering()
  const layers = shaped.nodes.map((node) => lowerNode(node, numberSeeds))
  const experiment = lowerExperiment(spec)
  return {
    name: spec.name,
    layers,
    inputs: shaped.nodes.filter(({ layer }) => layer.type === 'input').map(({ name }) => name),
    outputs: shaped.outputs,
    params: shaped.nodes.reduce((sum, { params }) => sum + params, 0),
    trainableParams: shaped.nodes.reduce((sum, { trainableParams }) => sum + trainableParams, 0),
    ...(experiment && { experiment }),
  }
}

/** What the spec must still say before it can be trained, by key. */
export function missingForTraining(spec: Spec): string[] {
  const needed = { dataset: spec.dataset, optimizer: spec.optimizer, loss: spec.loss }
  return Object.entries(needed).flatMap(([key, value]) => (value === undefined ? [key] : []))
}

function lowerNode(node: ShapedNode, numberSeeds: (expression: Expression) => Expression): ProgramLayer {
  const { name, inputs, inputShapes, shape, layer, applies } = node
  const place = { name, inputs, shape: formatShape(shape) }
  if (applies !== undefined) return { ...place, applies }
  const placed = { name, trainable: layer.trainable, inputs: inputShapes, output: shape }
  const lowered = layerDef(layer.type).lower(layer.options as never, placed)
  const common = express({ name: node.name, ...(node.layer.trainable ? {} : { trainable: false }) })
  const own = lowered.args[0]
  const fields = [...(common.kind === 'record' ? common.fields : []), ...(own?.kind === 'record' ? own.fields : [])]
  const whole: Call = { kind: 'call', callee: lowered.callee, args: [{ kind: 'record', fields }] }
  return { ...place, call: numberSeeds(whole) as Call }
}

/** Gives every unnumbered seed its own number, from 1 on: tf takes a seed of 0 for "none" in some distributions. */
function createSeedNumbering(): (expression: Expression) => Expression {
  let last = 0
  const number = (expression: Expression): Expression => {
    switch (expression.kind) {
      case 'seed':
        last += 1
        return { kind: 'seed', offset: last }
      case 'call':
        return { ...expression, args: expression.args.map(number) }
      case 'list':
        return { ...expression, items: expression.items.map(number) }
      case 'record':
        return { ...expression, fields: expression.fields.map(([key, value]) => [key, number(value)] as const) }
      case 'literal':
      case 'reference':
        return expression
    }
  }
  return number
}

function lowerExperiment(spec: Spec): ProgramExperiment | undefined {
  const { dataset, optimizer, loss, metrics, training } = spec
  if (!dataset || !optimizer || !loss) return undefined
  const definition = optimizerTable[optimizer.type]!
  const options = optimizer.options as { readonly learningRate: number }
  return {
    dataset: datasetTable[dataset.type]!.lower(dataset.options as never),
    optimizer: definition.lower({ ...options, learningRate: reference('learningRate') } as never),
    learningRate: options.learningRate,
    loss: lossTable[loss.type]!.lower(loss.options as never),
    metrics: express(metrics.map((metric) => metricTable[metric.type]!.lower(metric.options as never))),
    training,
  }
}
