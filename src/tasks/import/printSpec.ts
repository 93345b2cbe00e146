/** Prints an imported network as a spec that reads as if a person had written it. */
import { countOf } from '../../diagnostics/formatCount.ts'
import type { ImportedNetwork } from './importedNetwork.ts'
import { orderLayers } from './printing/layerOrder.ts'
import { printFlat, printStructured } from './printing/printForms.ts'
import { isSameNetwork } from './printing/sameNetwork.ts'
import type { SearchWork } from './printing/searchWork.ts'
import { specText } from './printing/specText.ts'

export interface PrintedNetwork {
  readonly text: string
  /** The name of each layer in the printed spec by its name in the file. They are in the order of the spec. */
  readonly names: ReadonlyMap<string, string>
  /** What the reader should know about the text. */
  readonly remarks: readonly string[]
  /** Returns the text of a spec that begins with the weights of a file. */
  withWeights(file: string): string
}

function unsearchedRemark(layers: number): string {
  return `The search for repeated structure in ${countOf(layers, 'layer')} reached its limit: the spec could have more blocks and repeats.`
}

/** Prints blocks and repeats where the network has such structure, after checking that they expand to the same network. */
export function printSpec(network: ImportedNetwork, work?: SearchWork): PrintedNetwork {
  const ordered = orderLayers(network)
  const flat = printFlat(network, ordered)
  const structured = printStructured(network, ordered, work)
  const { spec, analysis } = isSameNetwork(flat.analysis, structured.analysis) ? structured : flat
  const names = new Map(analysis.graph.nodes.map(({ name }, index) => [ordered[index]!.name, name]))
  const remarks = structured.isSearched ? [] : [unsearchedRemark(ordered.length)]
  return { text: specText(spec), names, remarks, withWeights: (file) => specText(spec, file) }
}
