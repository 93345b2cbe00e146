/** The weights of a network as the state dict of its PyTorch script. */
import type { AnalyzedNetwork } from '../pythonTarget.ts'
import type { Program } from '../../program/program.ts'
import { channelsFirst, toParameters, type NumberArray } from './layers/state.ts'
import { printModel } from './printModel.ts'
import { stateOfLayer, weightedLayers } from './printWeights.ts'
import { networkOf } from './pytorchTarget.ts'

export interface NamedParameter extends NumberArray {
  /** Its key in the state dict: `0.weight`, `conv2d.bias`. */
  readonly name: string
}

/** @param weightsOf Returns the weights of a layer of the spec, in the order of tf.layers. */
export function stateDictOf(
  source: AnalyzedNetwork,
  program: Program,
  weightsOf: (layer: string) => readonly NumberArray[],
): readonly NamedParameter[] {
  const { network } = networkOf(source, program)
  const { paths } = printModel(network, program)
  return weightedLayers(network.layers).flatMap((layer) => {
    const weights = weightsOf(layer.name)
    return stateOfLayer(layer).flatMap((entry, index) => {
      const weight = weights[index]!
      const isReordered = layer.flattened !== undefined && entry.name === 'weight'
      const ordered = isReordered ? channelsFirst(weight, layer.flattened) : weight
      return toParameters(ordered, entry).map(([name, { shape, values }]) => ({
        name: `${paths.get(layer.name)!}.${name}`,
        shape,
        values,
      }))
    })
  })
}
