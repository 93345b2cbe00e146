/** Prints an imported network as a spec that reads as if a person had written it. */
import { analyze, type Analysis } from '../../analyze.ts'
import type { ImportedNetwork } from './importedNetwork.ts'
import { flatSpec } from './printing/flatSpec.ts'
import { orderLayers } from './printing/layerOrder.ts'
import { specText } from './printing/specText.ts'
import { stateNames } from './printing/stateNames.ts'

export interface PrintedNetwork {
  readonly text: string
  /** The name of each layer in the printed spec by its name in the file. They are in the order of the spec. */
  readonly names: ReadonlyMap<string, string>
}

export interface PrintOptions {
  /** The file with the weights of the network, if the spec begins with them. */
  readonly weightsFile?: string
}

export function printSpec(network: ImportedNetwork, { weightsFile }: PrintOptions = {}): PrintedNetwork {
  const ordered = orderLayers(network)
  const flat = flatSpec(network, ordered)
  const hasWeights = (origin: string) => (network.weights.get(origin)?.length ?? 0) > 0
  stateNames(flat, hasWeights)
  const { inputShape } = flat
  const analysis = analyze(specText(flat, { inputShape }), 'imported.yaml')
  const names = new Map(namesIn(analysis).map((name, index) => [ordered[index]!.name, name]))
  return { text: specText(flat, { inputShape, weightsFile }), names }
}

/** The names of the layers, in the order in which the spec lists them, after the input that it omits. */
function namesIn({ graph }: Analysis): string[] {
  return graph.nodes.map(({ name }) => name)
}
