/**
 * Reads a network from an ONNX file. Each node becomes a layer, an option of the layer before it, or only another order of the
 * axes: ONNX has the channels first and the language last, so most of its transpositions have no layer.
 */
import { basename, dirname, extname } from 'node:path'
import { unreadableData } from '../../../system/knownError.ts'
import type { ImportedNetwork, ImportProblem } from '../importedNetwork.ts'
import { checkUses } from './checkUses.ts'
import { decodeModel, subgraph, type OnnxModel, type OnnxNode } from './decodeModel.ts'
import { DraftLayers, type DraftLayer } from './draftLayers.ts'
import { fuseOperators } from './fuse.ts'
import { fuseSteps } from './fuseSteps.ts'
import { OnnxGraph, placeOf } from './graph.ts'
import { wantsChannelsFirst } from './inputLayout.ts'
import { findMisreadMasks } from './masks.ts'
import { hintOf, nameAll } from './names.ts'
import { activationOperators } from './operators/activations.ts'
import { constantOperators } from './operators/constants.ts'
import { convolutionOperators } from './operators/convolutions.ts'
import { denseOperators } from './operators/dense.ts'
import { imageOperators } from './operators/images.ts'
import { mergeOperators } from './operators/merges.ts'
import { poolingOperators } from './operators/pooling.ts'
import { recurrentOperators } from './operators/recurrent.ts'
import { shapeOperators } from './operators/shapes.ts'
import { stepOperators } from './operators/steps.ts'
import type { OperatorForm } from './reading.ts'
import { quoted, Refusal, refuse } from './refusal.ts'
import { channelsFirst, isValue, outputOf, arrange, type Operand, type Value } from './values.ts'

export interface OnnxImport {
  readonly network: ImportedNetwork
  /** What the language cannot say. If there is any, the network is incomplete. */
  readonly problems: readonly ImportProblem[]
  /** For each input and output, by its name in the file: the axis of ours for each of its axes, the batch being 0. */
  readonly layouts: ReadonlyMap<string, readonly (number | null)[]>
}

const operators: Readonly<Record<string, OperatorForm>> = {
  ...activationOperators,
  ...convolutionOperators,
  ...denseOperators,
  ...imageOperators,
  ...mergeOperators,
  ...poolingOperators,
  ...recurrentOperators,
  ...shapeOperators,
  ...stepOperators,
}

/**
 * Reads a network.
 *
 * @param path The path of the file, for its name and for the folder that other files with its arrays must be in.
 * @throws KnownError if the bytes are no ONNX file.
 */
export function readOnnx(bytes: Uint8Array, path: string): OnnxImport {
  const model = decode(bytes, path)
  const graph = new OnnxGraph(model, dirname(path))
  fuseOperators(graph)
  fuseSteps(graph)
  const reader = new NetworkReader(graph)
  reader.read()
  return reader.finish(networkName(model, path))
}

function decode(bytes: Uint8Array, path: string): OnnxModel {
  try {
    return decodeModel(bytes)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw unreadableData(
      `${path} is not an ONNX file, or is damaged: ${reason}.`,
      'Check the file with `onnx.checker` of Python, or export it again.',
    )
  }
}

function networkName({ name }: OnnxModel, path: string): string {
  const isOwn =
    /^[A-Za-z][A-Za-z0-9_-]{0,60}$/.test(name) && !/^(main_?graph|torch[-_]jit[-_]export|tf2onnx|graph)$/i.test(name)
  const stem = basename(path, extname(path))
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[^A-Za-z]+/, '')
  return isOwn ? name : stem || 'network'
}

class NetworkReader {
  readonly #graph: OnnxGraph
  readonly #layers = new DraftLayers()
  readonly #operands = new Map<string, Operand>()
  /** Tensors that follow from nodes with problems. */
  readonly #unknown = new Set<string>()
  readonly #problems: ImportProblem[] = []

  constructor(graph: OnnxGraph) {
    this.#graph = graph
  }

  read(): void {
    for (const { name, shape } of this.#graph.model.inputs) {
      // Before version 4 of the format, arrays are inputs, too.
      if (this.#graph.readableConstant(name) === undefined)
        this.#attempt(`input ${quoted(name)}`, [name], () => this.#readInput(name, shape))
    }
    for (const node of this.#graph.nodes) this.#readNode(node)
  }

  /** Images come with the channels last, if the first operator that takes them wants them first. */
  #readInput(name: string, shape: readonly (number | null)[] | undefined): void {
    const sizes = shape?.slice(1)
    if (!sizes || sizes.length === 0)
      refuse(
        sizes ? 'it has no axis beside the batch' : 'the file does not state its shape',
        sizes && 'Export the model with inputs of the shape [batch, 1].',
      )
    if (sizes.length > 6) refuse(`it has ${sizes.length} axes beside the batch; a layer takes at most 6`)
    const isFirst = sizes.length > 1 && wantsChannelsFirst(this.#graph, name)
    const own = isFirst ? [...sizes.slice(1), sizes[0]!] : sizes
    const hint = [name.split(/[/:]/)[0]!.replaceAll(/[^A-Za-z0-9_-]+/g, '_')]
    const layer = this.#layers.inNode(hint, () => this.#layers.add('input', { shape: own }, []))
    this.#operands.set(name, isFirst ? channelsFirst(layer) : outputOf(layer))
  }

  #readNode(node: OnnxNode): void {
    if (node.operator === 'Constant') {
      this.#attempt(placeOf(node), node.outputs, () => this.#graph.constant(node.outputs[0] ?? ''))
      return
    }
    this.#attempt(placeOf(node), node.outputs, () => {
      const inner = [...node.attributes].find(([, value]) => value === subgraph)
      if (inner)
        refuse(
          `its attribute ${quoted(inner[0])} is a graph of its own`,
          node.operator === 'Loop'
            ? 'The language has no loops in networks. PyTorch writes `nn.EmbeddingBag` as one: use `nn.Embedding` and `mean(1)` instead.'
            : 'The language has no conditions or loops in networks.',
        )
      const inputs = node.inputs.map((input) => (input === '' ? undefined : this.#operandOf(input)))
      const isUnknown = node.inputs.some((input) => this.#unknown.has(input))
      const isStored = inputs.every((input) => !isValue(input))
      const form =
        (isStored ? formOf(constantOperators, node.operator) : undefined) ??
        (isUnknown || !isStored ? formOf(operators, node.operator) : undefined)
      if (form === undefined && isStored && !isUnknown)
        refuse('it computes stored numbers in a way that is not supported')
      if (form === undefined) refuse('the language has no layer for this operator')
      if (isUnknown) {
        for (const output of node.outputs) this.#unknown.add(output)
        return
      }
      checkUses(node.operator, inputs)
      const hint = hintOf(node, (tensor) => this.#graph.readableConstant(tensor) !== undefined)
      const { operatorSet } = this.#graph.model
      const found = this.#layers.inNode(hint, () =>
        form({ graph: this.#graph, layers: this.#layers, node, inputs, operatorSet }),
      )
      for (const [index, output] of (Array.isArray(found)
        ? (found as readonly Operand[])
        : [found as Operand]
      ).entries()) {
        if (output && node.outputs[index]) this.#operands.set(node.outputs[index], output)
      }
    })
  }

  #operandOf(tensor: string): Operand | undefined {
    const operand = this.#operands.get(tensor) ?? this.#graph.constant(tensor)
    if (operand === undefined && !this.#unknown.has(tensor))
      refuse(
        `it takes ${quoted(tensor)}, which no earlier node computes`,
        'The nodes are out of order, or form a circle.',
      )
    return operand
  }

  /** Does something, and reports why it cannot be done; what depends on the outputs is then unknown. */
  #attempt(place: string, outputs: readonly string[], action: () => void): void {
    try {
      action()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { message, help } = error
      this.#problems.push({ place, message: `${message}.`, ...(help !== undefined && { help }) })
      for (const output of outputs) this.#unknown.add(output)
    }
  }

  finish(name: string): OnnxImport {
    const layouts = new Map<string, Value['axes']>()
    const { inputs, outputs } = this.#graph.model
    for (const input of inputs) {
      const value = this.#operands.get(input.name)
      if (isValue(value)) layouts.set(input.name, value.axes)
    }
    const ends: DraftLayer[] = []
    for (const output of outputs) {
      this.#attempt(`output ${quoted(output.name)}`, [], () => {
        const value = this.#operandOf(output.name)
        if (value === undefined) return
        if (!isValue(value)) refuse('it does not depend on an input')
        const { layer, axes } = this.#arrangeOutput(value)
        ends.push(layer)
        layouts.set(output.name, axes)
      })
    }
    this.#layers.dropUnused(ends)
    this.#checkSteps()
    return { network: assemble(name, this.#layers.all, ends), problems: this.#problems, layouts }
  }

  /** Reports layers that treat the steps of sequences otherwise than the file does. */
  #checkSteps(): void {
    const { all } = this.#layers
    const report = ({ hint }: DraftLayer, message: string) =>
      this.#problems.push({ place: `node ${quoted(hint.join('/'))}`, message })
    for (const layer of all) {
      if (layer.isStep)
        report(layer, 'it joins the batch with the steps of a sequence, and nothing takes them apart again.')
    }
    for (const layer of findMisreadMasks(all)) {
      const isRead = layer.skipsSteps !== true
      report(
        layer,
        isRead
          ? `the layer \`${layer.type}\` would skip the steps that an earlier layer marks, which the file does not do.`
          : `it skips steps, which no layer marks for the layer \`${layer.type}\`.`,
      )
    }
  }

  /** An output may have its channels first; other orders, and axes that the layer lacks, become layers. */
  #arrangeOutput(value: Value): { readonly layer: DraftLayer; readonly axes: Value['axes'] } {
    const { axes } = value
    checkUses('output', [value])
    // A network has a layer beside its input.
    const isInput = value.layer.inputs.length === 0
    const layer = isInput ? this.#layers.add('activation', { activation: 'linear' }, [value.layer]) : value.layer
    // One number for each sample: a layer has an axis of size 1.
    if (axes.join() === '0') return { layer, axes }
    const isFirst = !value.isReversed && !value.flattened && axes.join() === channelsFirst(layer).axes.join()
    if (isFirst) return { layer, axes }
    const plain = arrange(this.#layers, { ...value, layer })
    return { layer: plain, axes: outputOf(plain).axes }
  }
}

function formOf(table: Readonly<Record<string, OperatorForm>>, operator: string): OperatorForm | undefined {
  return Object.hasOwn(table, operator) ? table[operator] : undefined
}

function assemble(name: string, layers: readonly DraftLayer[], ends: readonly DraftLayer[]): ImportedNetwork {
  const names = new Map<DraftLayer, string>()
  const given = nameAll(layers)
  for (const [index, layer] of layers.entries()) names.set(layer, given[index]!)
  const nameOf = (layer: DraftLayer) => names.get(layer)!
  return {
    name,
    layers: layers.map((layer) => ({
      name: nameOf(layer),
      type: layer.type,
      options: layer.options,
      inputs: layer.inputs.map(nameOf),
      ...(layer.applies && { applies: nameOf(layer.applies) }),
    })),
    outputs: ends.map(nameOf),
    weights: new Map(layers.filter(({ weights }) => weights.length > 0).map((layer) => [nameOf(layer), layer.weights])),
  }
}
