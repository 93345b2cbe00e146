/** Prints the network of a PyTorch script: the model, and how its weights are created and loaded. */
import { quotePython } from '../python/printLiteral.ts'
import type { Network } from './network.ts'
import { printModel, type PrintedModel } from './printModel.ts'
import { printInitialize, printLoadWeights, printWeightsOf, weightedLayers } from './printWeights.ts'

export interface PrintedNetwork {
  readonly model: PrintedModel
  readonly sections: readonly string[]
  readonly hasWeights: boolean
  /** Whether the script has the function `initialize`. */
  readonly isInitialized: boolean
}

export function printNetwork(network: Network): PrintedNetwork {
  const model = printModel(network)
  const code = model.lines.join('\n')
  const hasWeights = weightedLayers(network.layers).length > 0
  const initialize = printInitialize(network.layers, model.attributes, quotePython)
  const sections = [
    code,
    ...(hasWeights ? [printWeightsOf(code), ...printLoadWeights(model.attributes, quotePython)] : []),
    ...(initialize === undefined ? [] : [initialize]),
  ]
  return { model, sections, hasWeights, isInitialized: initialize !== undefined }
}
