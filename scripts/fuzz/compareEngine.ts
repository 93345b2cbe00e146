/** The checker's answer on a spec against what tf.layers makes of it, on the cpu engine. */
import * as tf from '@tensorflow/tfjs'
import { buildModel } from '../../src/backends/interpret.ts'
import { analyze, type Analysis } from '../../src/compile.ts'
import type { GraphNode } from '../../src/graph/graph.ts'
import type { ShapedNode } from '../../src/graph/shapes.ts'
import { formatShape, isKnown, type Shape } from '../../src/layers/dims.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { yamlText } from '../../src/source/edits.ts'

export type DifferenceKind =
  | 'engine-refuses'
  | 'engine-accepts'
  | 'output-shape'
  | 'weight-shapes'
  | 'parameters'
  | 'run-refuses'
  | 'run-shape'
  | 'checker-fails'

export interface Difference {
  readonly kind: DifferenceKind
  readonly message: string
  /** The type of the layer, where one is to blame. */
  readonly type: string
  readonly options: Readonly<Record<string, unknown>>
  /** What the checker said, where it refused. */
  readonly code?: string
  readonly inputShapes: readonly Shape[]
  /** The types of all layers before it, and the keys of their options. */
  readonly upstream: ReadonlySet<string>
  /** The same of the whole network. */
  readonly network: ReadonlySet<string>
}

export interface Comparison {
  readonly differences: readonly Difference[]
  readonly acceptedLayers: number
  readonly refusedLayers: number
  readonly ran: boolean
}

const batch = 2
/** What a size is in the run that the spec leaves open. */
const openSize = 7
/** Networks beyond this many operations are not run. */
const mostOperations = 500_000

export function compareWithEngine(text: string): Comparison {
  let analysis: Analysis
  try {
    analysis = analyze(text, 'fuzz.yaml')
  } catch (error) {
    const difference = {
      kind: 'checker-fails',
      message: String(error),
      type: '',
      options: {},
      inputShapes: [],
      upstream: new Set<string>(),
      network: new Set<string>(),
    } as const
    return { differences: [difference], acceptedLayers: 0, refusedLayers: 0, ran: false }
  }
  const { nodes } = analysis.shaped
  const refused = refusedNodes(analysis)
  try {
    const { model, differences: built } = compareBuilt(analysis)
    const runs =
      model !== undefined && built.length === 0 && nodes.reduce((sum, { flops }) => sum + flops, 0) <= mostOperations
    const ran = runs ? compareRun(analysis, model) : []
    const refusals = built.length === 0 ? refused.flatMap((node) => compareRefusal(analysis, node)) : []
    return {
      differences: [...built, ...ran, ...refusals],
      acceptedLayers: nodes.length,
      refusedLayers: refused.length,
      ran: runs,
    }
  } finally {
    tf.disposeVariables()
  }
}

/** The nodes that the checker refused on inputs that it accepted. */
function refusedNodes({ graph, shaped }: Analysis): GraphNode[] {
  const known = new Set(shaped.nodes.map(({ name }) => name))
  return graph.nodes.filter(({ name, inputs }) => !known.has(name) && inputs.every((input) => known.has(input)))
}

function programOf({ spec }: Analysis, nodes: readonly ShapedNode[]) {
  const outputs = nodes.filter(({ layer }) => layer.type !== 'input').map(({ name }) => name)
  return lowerGraph({ ...spec, name: 'fuzz' }, { nodes, outputs, complete: true })
}

class Blame {
  private readonly byName: ReadonlyMap<string, ShapedNode>

  constructor(nodes: readonly ShapedNode[]) {
    this.byName = new Map(nodes.map((node) => [node.name, node]))
  }

  on(kind: DifferenceKind, node: ShapedNode, message: string, code?: string): Difference {
    const { type, options } = node.layer
    const upstream = wordsOf(ancestorsOf(node, this.byName))
    const network = wordsOf([...this.byName.values()])
    const refusal = code === undefined ? {} : { code }
    return { kind, message, type, options, inputShapes: node.inputShapes, upstream, network, ...refusal }
  }
}

function wordsOf(nodes: readonly ShapedNode[]): ReadonlySet<string> {
  return new Set(nodes.flatMap(({ layer }) => [layer.type, ...wordsIn(layer.options)]))
}

/** The keys of what a layer holds: the types of layers among them. */
function wordsIn(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, item]) => (item === false ? [] : [key, ...wordsIn(item)]))
}

function compareBuilt(analysis: Analysis): { model?: tf.LayersModel; differences: Difference[] } {
  const { nodes } = analysis.shaped
  const layers = nodes.filter(({ layer }) => layer.type !== 'input')
  if (layers.length === 0) return { differences: [] }
  try {
    const model = buildModel(programOf(analysis, nodes), 1)
    const blame = new Blame(nodes)
    return { model, differences: layers.flatMap((node) => compareLayer(node, model.getLayer(node.name), blame)) }
  } catch (error) {
    return { differences: [blameFirst(analysis, error)] }
  }
}

/** Builds ever more of the network, to find the layer that the engine refuses. */
function blameFirst(analysis: Analysis, failure: unknown): Difference {
  const { nodes } = analysis.shaped
  const blame = new Blame(nodes)
  for (let count = 1; count <= nodes.length; count += 1) {
    const part = nodes.slice(0, count)
    if (part.at(-1)!.layer.type === 'input') continue
    try {
      buildModel(programOf(analysis, part), 1)
    } catch (error) {
      return blame.on('engine-refuses', part.at(-1)!, messageOf(error))
    }
  }
  return blame.on('engine-refuses', nodes.at(-1)!, messageOf(failure))
}

function compareLayer(node: ShapedNode, layer: tf.layers.Layer, blame: Blame): Difference[] {
  const found: Difference[] = []
  const stated = (layer.outputShape as (number | null)[]).slice(1)
  // The engine leaves open what it does not compute; what it states must be what we state.
  const agrees =
    stated.length === node.shape.length &&
    stated.every((size, axis) => size === null || Number.isNaN(size) || size === undefined || size === node.shape[axis])
  if (!agrees)
    found.push(blame.on('output-shape', node, `the engine has ${stated.join('x')}, we ${formatShape(node.shape)}`))
  const ours = node.weights.map(({ shape }) => shape.join('x')).join(', ')
  const theirs = layer.weights.map(({ shape }) => shape.join('x')).join(', ')
  if (ours !== theirs) found.push(blame.on('weight-shapes', node, `the engine has ${theirs}, we ${ours}`))
  const learned = layer.trainableWeights.reduce((sum, { shape }) => sum + tf.util.sizeFromShape(shape as number[]), 0)
  if (layer.countParams() !== node.params || learned !== node.trainableParams) {
    const message = `the engine has ${layer.countParams()}, of which ${learned} are trained, we ${node.params} and ${node.trainableParams}`
    found.push(blame.on('parameters', node, message))
  }
  return found
}

/** Runs one batch through every layer. Open sizes are given, and the checker is asked anew with them. */
function compareRun(analysis: Analysis, model: tf.LayersModel): Difference[] {
  const { nodes } = analysis.shaped
  const concrete = analyze(withOpenSizes(analysis), 'fuzz.yaml')
  if (concrete.shaped.nodes.length < nodes.length) return []
  const known = new Set(nodes.map(({ name }) => name))
  const layers = concrete.shaped.nodes.filter(({ name, layer }) => known.has(name) && layer.type !== 'input')
  const blame = new Blame(concrete.shaped.nodes)
  let found: Difference[] = []
  tf.tidy(() => {
    const inputs = concrete.shaped.nodes
      .filter(({ layer }) => layer.type === 'input')
      .map(({ shape }) => tf.randomUniform([batch, ...(shape as number[])], 0, 1, 'float32', 1))
    const run = (upTo: number) => {
      const outputs = layers.slice(0, upTo).map(({ name }) => model.getLayer(name).output as tf.SymbolicTensor)
      const part = tf.model({ inputs: model.inputs, outputs })
      return [part.predict(inputs.length === 1 ? inputs[0]! : inputs)].flat()
    }
    try {
      found = run(layers.length).flatMap((output, index) => {
        const node = layers[index]!
        const isSame =
          output.rank === node.shape.length + 1 &&
          node.shape.every((size, axis) => !isKnown(size) || size === output.shape[axis + 1])
        const message = `the run gives ${output.shape.slice(1).join('x')}, we say ${formatShape(node.shape)}`
        return isSame ? [] : [blame.on('run-shape', node, message)]
      })
    } catch {
      found = blameFirstRun(layers, run, blame)
    }
  })
  return found
}

/** Runs ever more of the network, to find the layer that throws. */
function blameFirstRun(layers: readonly ShapedNode[], run: (upTo: number) => unknown, blame: Blame): Difference[] {
  for (let upTo = 1; upTo <= layers.length; upTo += 1) {
    try {
      run(upTo)
    } catch (error) {
      return [blame.on('run-refuses', layers[upTo - 1]!, messageOf(error))]
    }
  }
  return []
}

function withOpenSizes({ source }: Analysis): string {
  const { layers } = source.value as { layers: readonly Record<string, Record<string, unknown>>[] }
  const filled = layers.map((item) => {
    const shape = item['input']?.['shape'] as (number | null)[] | undefined
    return shape ? { input: { ...item['input'], shape: shape.map((size) => size ?? openSize) } } : item
  })
  return `name: fuzz\nlayers:\n${filled.map((item) => `  - ${yamlText(item)}\n`).join('')}`
}

/** Tries a layer that the checker refused: the engine must refuse it too, when it is built or when it runs. */
function compareRefusal(analysis: Analysis, node: GraphNode): Difference[] {
  const byName = new Map(analysis.shaped.nodes.map((one) => [one.name, one]))
  const inputShapes = node.inputs.map((input) => byName.get(input)!.shape)
  const tried: ShapedNode = {
    ...node,
    inputShapes,
    shape: inputShapes[0] ?? [],
    weights: [],
    params: 0,
    trainableParams: 0,
    flops: 0,
  }
  const code = analysis.diagnostics.find(
    ({ path, severity }) => severity === 'error' && node.layer.path.every((step, index) => path[index] === step),
  )?.code
  const blame = new Blame(analysis.shaped.nodes)
  try {
    const model = buildModel(programOf(analysis, [...ancestorsOf(node, byName), tried]), 1)
    const output = model.getLayer(node.name).output as tf.SymbolicTensor
    if (output.shape.slice(1).some((size) => size !== null && !(size > 0))) return []
    const inputs = model.inputs.map(({ shape }) =>
      tf.randomUniform([batch, ...shape.slice(1).map((size) => size ?? openSize)], 0, 1, 'float32', 1),
    )
    const part = tf.model({ inputs: model.inputs, outputs: output })
    const result = part.predict(inputs.length === 1 ? inputs[0]! : inputs) as tf.Tensor
    const asStated = output.shape.slice(1).every((size, axis) => size === null || size === result.shape[axis + 1])
    if (!asStated || result.size === 0) return []
    return [blame.on('engine-accepts', tried, `the engine gives ${output.shape.slice(1).join('x')}`, code ?? 'nothing')]
  } catch {
    return []
  }
}

/** What feeds a node, from the inputs on. */
function ancestorsOf(node: GraphNode, byName: ReadonlyMap<string, ShapedNode>): ShapedNode[] {
  const needed = new Set<string>()
  const open = [...node.inputs]
  while (open.length > 0) {
    const name = open.pop()!
    if (needed.has(name)) continue
    needed.add(name)
    open.push(...byName.get(name)!.inputs)
  }
  return [...byName.values()].filter(({ name }) => needed.has(name))
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 200)
}
