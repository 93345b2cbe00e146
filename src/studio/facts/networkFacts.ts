/** Describes the network of an open spec for drawings: its layers with shapes and cost, where each is written, and the blocks that they are in. */
import type { Diagnostic, Span } from '../../diagnostics/diagnostic.ts'
import { structureOf } from '../../compose/composedSource.ts'
import type { StructureItem, StructureList } from '../../compose/structure.ts'
import { shapeFormula } from '../../editor/layerFacts.ts'
import type { SpecDocument } from '../../editor/specDocument.ts'
import { costOf, type ModelCost } from '../../graph/cost.ts'
import type { GraphNode } from '../../graph/graph.ts'
import type { ShapedNode } from '../../graph/shapes.ts'
import { formatDim, knownSize, type Shape } from '../../language/dims.ts'
import { describeOptions } from '../../report/layerDetails.ts'
import { windowFactsOf, type WindowFacts } from './windowFacts.ts'

export interface LayerFacts {
  readonly name: string
  readonly type: string
  /** The options that are not the default: `filters 32, kernelSize 3, same`. */
  readonly detail: string
  readonly kind: 'input' | 'output' | 'inner'
  readonly inputs: readonly string[]
  /** The shapes of its inputs, as text: `28×28×1`. */
  readonly inputShapes: readonly string[]
  /** Undefined if a mistake hides it. */
  readonly shape?: string
  /** The number of values of the output for one sample. */
  readonly size: number
  readonly params: number
  readonly trainableParams: number
  readonly flops: number
  readonly weights: readonly WeightFacts[]
  readonly formula?: string
  readonly window?: WindowFacts
  /** Where its type is written in the spec. Undefined if that is another file. */
  readonly span?: Span
  /** The keys of the groups that it is in, the outermost first. */
  readonly groups: readonly string[]
  /** Whether an error points to it. */
  readonly isWrong: boolean
}

export interface WeightFacts {
  readonly name: string
  readonly shape: readonly number[]
}

/** A call of a block, a repeat, or an iteration of one. */
export interface GroupFacts {
  readonly key: string
  readonly label: string
}

export interface NetworkFacts {
  readonly layers: readonly LayerFacts[]
  readonly groups: readonly GroupFacts[]
  /** Undefined while shapes are missing. */
  readonly cost?: ModelCost
}

export function networkFactsOf({ analysis }: SpecDocument): NetworkFacts {
  const { source, spec, graph, shaped, diagnostics } = analysis
  const shapes = new Map(shaped.nodes.map((node) => [node.name, node]))
  const { groups, groupsOf } = findGroups(structureOf(source))
  const layers = graph.nodes.map((node): LayerFacts => {
    const known = shapes.get(node.name)
    const span = source.locateKey(node.item.path)
    const kind = node.inputs.length === 0 ? 'input' : graph.outputs.includes(node.name) ? 'output' : 'inner'
    return {
      name: node.name,
      type: node.layer.type,
      detail: node.layer.valid ? describeOptions(node) : '',
      kind,
      inputs: node.inputs,
      ...shapeFacts(known),
      ...(span.file === undefined && { span }),
      groups: groupsOf.get(node.name) ?? [],
      isWrong: hasError(node, diagnostics),
    }
  })
  return { layers, groups, ...(shaped.complete && { cost: costOf(spec, shaped) }) }
}

function shapeFacts(node: ShapedNode | undefined) {
  if (node === undefined) return { inputShapes: [], size: 0, params: 0, trainableParams: 0, flops: 0, weights: [] }
  const [formula, window] = [shapeFormula(node), windowFactsOf(node)]
  return {
    inputShapes: node.inputShapes.map(printShape),
    shape: printShape(node.shape),
    size: knownSize(node.shape),
    params: node.params,
    trainableParams: node.trainableParams,
    flops: node.flops,
    weights: node.weights.map(({ name, shape }) => ({ name, shape })),
    ...(formula !== undefined && { formula }),
    ...(window !== undefined && { window }),
  }
}

function printShape(shape: Shape): string {
  return shape.length === 0 ? 'scalar' : shape.map(formatDim).join('×')
}

function hasError({ item }: GraphNode, diagnostics: readonly Diagnostic[]): boolean {
  const place = item.path.slice(0, 2).join('/')
  return diagnostics.some(({ severity, path }) => severity === 'error' && path.slice(0, 2).join('/') === place)
}

/** Lists the calls and repeats of a spec, and those that each layer is in. */
function findGroups(structure: StructureList | undefined) {
  const groups: GroupFacts[] = []
  const groupsOf = new Map<string, readonly string[]>()
  const visitList = ({ items }: StructureList, outer: readonly string[], iteration?: number) => {
    for (const item of items) visitItem(item, outer, iteration)
  }
  const visitItem = (item: StructureItem, outer: readonly string[], repeated?: number) => {
    if (item.kind === 'layer') return void groupsOf.set(item.output, outer)
    const own = [...(repeated === undefined ? [] : [repeated]), item.index, item.name].join(' ')
    const key = [...outer.slice(-1), own].join(' / ')
    groups.push({ key, label: labelOf(item) })
    for (const [index, list] of item.lists.entries()) {
      // An iteration of one item is drawn as that item.
      if (item.kind === 'call' || list.items.length === 1) {
        visitList(list, [...outer, key], index)
        continue
      }
      const iteration = `${key} / ${index}`
      groups.push({ key: iteration, label: `iteration ${index}` })
      visitList(list, [...outer, key, iteration])
    }
  }
  if (structure !== undefined) visitList(structure, [])
  return { groups, groupsOf }
}

function labelOf({ kind, type, name, lists }: StructureItem): string {
  if (kind === 'repeat') return `${name} × ${lists.length}`
  return name === type ? name : `${name} · ${type}`
}
