/** Finds the outputs of a network that have a loss, and the layers that determine their values. */
import type { Path } from '../diagnostics/diagnostic.ts'
import { lookUp, type Choice } from '../language/schema.ts'
import { layerDef } from '../parts/layers/table.ts'
import type { Fit, PredictionRange } from '../language/fit.ts'
import type { LossDef } from '../language/lossDef.ts'
import { lossTable } from '../parts/losses/table.ts'
import { objectivesOf } from '../graph/objectives.ts'
import type { ShapedNode } from '../graph/shapes.ts'
import { activationOf, type NodeActivation } from './activationOf.ts'
import type { CheckedNetwork, KnownDataset } from './checkedNetwork.ts'

export interface TrainedOutput {
  readonly output: ShapedNode
  /** The size of the output's last axis, if it is known. */
  readonly units: number | undefined
  readonly loss: LossDef
  readonly lossName: string
  readonly lossOptions: Choice['options']
  readonly lossPath: Path
  /** How well the labels of the dataset suit the loss; undefined if they do not. */
  readonly suits: 'suited' | 'unusual' | undefined
  readonly metrics: readonly OutputMetric[]
}

export interface OutputMetric {
  readonly name: string
  readonly options: Choice['options']
  readonly path: Path
}

/** Returns the outputs with a loss; none if a shape is unknown, since the outputs are then unknown too. */
export function trainedOutputs(network: CheckedNetwork): TrainedOutput[] {
  const { spec, shaped, byName } = network
  if (!shaped.complete) return []
  return objectivesOf(spec, shaped.outputs).flatMap(
    ({ output: name, loss: { type, options, path }, metrics: stated }) => {
      const output = byName.get(name)
      if (output === undefined) return []
      const size = output.shape.at(-1)
      const units = typeof size === 'number' ? size : undefined
      const metrics = stated.map((metric) => ({ name: metric.type, options: metric.options, path: metric.path }))
      const loss = lookUp(lossTable, type)
      const judged = { output, units, loss, lossName: type, lossOptions: options, lossPath: path, metrics }
      return { ...judged, suits: suitsLabels(judged, network) }
    },
  )
}

/** How well the labels suit the loss. An unusual combination, such as a yes/no loss for ten classes, does not suit if the activation is wrong too. */
function suitsLabels(judged: Omit<TrainedOutput, 'suits'>, network: CheckedNetwork): TrainedOutput['suits'] {
  if (network.dataset === undefined) return 'suited'
  const suits = suitOf(judged.loss, network.dataset, judged.units)
  return suits === 'unusual' && unfitActivation(judged, network) ? undefined : suits
}

/** How well the labels of a dataset suit a loss or a metric. Two classes can also be the yes/no labels of one unit. */
export function suitOf({ labels }: Fit, { classes }: KnownDataset, units: number | undefined): TrainedOutput['suits'] {
  if (classes === undefined) return labels.values
  if (classes !== 2) return labels.classes
  return units === 1 ? (labels.binary ?? labels.classes) : (labels.classes ?? labels.binary)
}

/** Whether the loss accepts the labels of the dataset. */
export function fitsLabels({ suits }: TrainedOutput, dataset: KnownDataset | undefined): boolean {
  return dataset === undefined || suits !== undefined
}

/** Returns the numbers of units that fit the loss and the labels of a dataset; the usual number first. */
export function fittingUnits({ labels }: LossDef, { classes }: KnownDataset): number[] {
  if (classes === undefined) return labels.values === undefined ? [] : [1]
  const byAnswer = classes === 2 && labels.binary !== undefined ? [1] : []
  const byClass = labels.classes === undefined ? [] : [classes]
  return labels.binary === 'suited' ? [...byAnswer, ...byClass] : [...byClass, ...byAnswer]
}

/** Returns the final activation of the network and the predictions that the loss expects, if the two do not fit. */
export function unfitActivation(
  { output, units, loss, lossOptions }: Omit<TrainedOutput, 'suits'>,
  network: CheckedNetwork,
): { node: ShapedNode; activation: string; range: PredictionRange } | undefined {
  const range = loss.predictions?.(lossOptions, units)
  const found = finalActivation(output, network)
  if (range === undefined || found === undefined || range.activations.includes(found.activation)) return undefined
  return { ...found, range }
}

/** Whether the last axis of an output is the one that the loss compares: the output is a vector, or comes from a layer with units. */
export function hasFinalUnits({ output }: TrainedOutput, network: CheckedNetwork): boolean {
  if (network.dataset === undefined || output.shape.length === 1) return true
  return 'units' in (unitsOf(output, network)?.layer.options ?? {})
}

/** Finds the last activation before the output, skipping layers that only rearrange values or add noise. */
export function finalActivation(output: ShapedNode, { byName }: CheckedNetwork): NodeActivation | undefined {
  for (let node: ShapedNode | undefined = output; node; node = byName.get(node.inputs[0] ?? '')) {
    const found = activationOf(node)
    const { role } = layerDef(node.layer.type)
    if (found && !(role === 'activation' && found.activation === 'linear')) return found
    if (found === undefined && role !== 'rearranging' && role !== 'noise') return undefined
  }
  return undefined
}

/** Finds the layer that determines the number of values of the output. */
export function unitsOf(output: ShapedNode, { byName }: CheckedNetwork): ShapedNode | undefined {
  for (let node: ShapedNode | undefined = output; node; node = byName.get(node.inputs[0] ?? '')) {
    if ('units' in node.layer.options || 'filters' in node.layer.options) return node
    if (layerDef(node.layer.type).joinsAxes === true) return undefined
  }
  return undefined
}
