/** The network that every rule is given, and what rules ask of it. */
import type { DatasetFacts } from '../language/datasetDef.ts'
import type { SourceDocument } from '../source/source.ts'
import type { Spec } from '../validation/spec.ts'
import type { ShapedGraph, ShapedNode } from '../graph/shapes.ts'

export interface CheckedNetwork {
  readonly spec: Spec
  /** Not all of it where a layer has no shape: `shaped.complete` tells. */
  readonly shaped: ShapedGraph
  readonly source: SourceDocument
  readonly byName: ReadonlyMap<string, ShapedNode>
  /** What the spec's dataset holds, where it names one whose labels are known. */
  readonly dataset: KnownDataset | undefined
}

/** A dataset whose labels are known: one of so many classes, or values. */
export interface KnownDataset {
  /** Undefined where labels are values. */
  readonly classes: number | undefined
  /** How many classes below the largest label have no sample. */
  readonly absentClasses: number
}

export function networkOf(spec: Spec, shaped: ShapedGraph, source: SourceDocument): CheckedNetwork {
  const byName = new Map(shaped.nodes.map((node) => [node.name, node]))
  const { facts } = spec
  return { spec, shaped, source, byName, dataset: knownLabels(facts) }
}

function knownLabels(facts: DatasetFacts | undefined): KnownDataset | undefined {
  if (facts?.hasValues === true) return { classes: undefined, absentClasses: 0 }
  if (facts?.classes === undefined) return undefined
  return { classes: facts.classes, absentClasses: facts.absentClasses ?? 0 }
}

/** The labels of the dataset, as messages tell them. */
export function tellLabels({ spec, dataset }: CheckedNetwork): string {
  const kind = dataset?.classes === undefined ? 'values' : `one of ${dataset.classes} classes`
  return `the labels of \`${spec.dataset!.type}\` (${kind})`
}

/** The layers that read each layer's output. */
export function readersOf({ nodes }: ShapedGraph): ReadonlyMap<string, readonly ShapedNode[]> {
  const readers = new Map<string, ShapedNode[]>()
  for (const node of nodes) {
    for (const input of node.inputs) {
      const known = readers.get(input)
      if (known) known.push(node)
      else readers.set(input, [node])
    }
  }
  return readers
}
