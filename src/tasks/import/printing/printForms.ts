/** The two forms of the spec of an imported network, with their analyses. */
import { analyze, type Analysis } from '../../../analyze.ts'
import type { ImportedLayer, ImportedNetwork } from '../importedNetwork.ts'
import { nameBlocks } from './blockNames.ts'
import { flatSpec, type FlatSpec } from './flatSpec.ts'
import type { SearchWork } from './searchWork.ts'
import { specText } from './specText.ts'
import { stateNames } from './stateNames.ts'
import { addStructure } from './structure.ts'

export interface PrintedForm {
  readonly spec: FlatSpec
  readonly analysis: Analysis
}

export interface StructuredForm extends PrintedForm {
  /** Whether the search for blocks and repeats went to its end. */
  readonly isSearched: boolean
}

/** A layer on each line. */
export function printFlat(network: ImportedNetwork, ordered: readonly ImportedLayer[]): PrintedForm {
  return printNamed(flatSpec(network, ordered))
}

/** With blocks and repeats. */
export function printStructured(
  network: ImportedNetwork,
  ordered: readonly ImportedLayer[],
  work?: SearchWork,
): StructuredForm {
  const spec = flatSpec(network, ordered)
  const isSearched = addStructure(spec, work)
  nameBlocks(spec)
  return { ...printNamed(spec), isSearched }
}

function printNamed(spec: FlatSpec): PrintedForm {
  stateNames(spec)
  return { spec, analysis: analyze(specText(spec), 'imported.yaml') }
}
