/** The network that every rule checks, with queries that several rules use. */
import type { DatasetFacts } from '../language/datasetDef.ts'
import type { SourceDocument } from '../source/source.ts'
import type { Spec } from '../validation/spec.ts'
import type { ShapedGraph, ShapedNode } from '../graph/shapes.ts'

export interface CheckedNetwork {
  readonly spec: Spec
  /** Incomplete if a layer has no shape; see `shaped.complete`. */
  readonly shaped: ShapedGraph
  readonly source: SourceDocument
  readonly byName: ReadonlyMap<string, ShapedNode>
  /** The facts about the labels of the spec's dataset, if they are known. */
  readonly dataset: KnownDataset | undefined
}

/** A dataset whose labels are known to be classes or values. */
export interface KnownDataset {
  /** The number of classes; undefined if labels are values. */
  readonly classes: number | undefined
  /** The number of classes below the largest label that have no sample. */
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

/** Describes the labels of the dataset for messages. */
export function describeLabels({ spec, dataset }: CheckedNetwork): string {
  const kind = dataset?.classes === undefined ? 'values' : `one of ${dataset.classes} classes`
  return `the labels of \`${spec.dataset!.type}\` (${kind})`
}

/** Returns the layers that read each layer's output. */
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
