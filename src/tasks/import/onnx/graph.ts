/** The graph of an ONNX file: which node computes a tensor, and which nodes take it. */
import { isTensor, type Attribute, type OnnxModel, type OnnxNode, type StoredTensor } from './decodeModel.ts'
import { integersOf, readTensor, scalarOf, type Constant } from './constants.ts'
import { quoted, Refusal, refuse } from './refusal.ts'

export class OnnxGraph {
  readonly model: OnnxModel
  readonly #folder: string
  readonly #stored: ReadonlyMap<string, StoredTensor>
  readonly #constants = new Map<string, Constant>()
  /** The nodes that the outputs depend on, in the order of the file. */
  #nodes: readonly OnnxNode[]
  #producers = new Map<string, OnnxNode>()
  #uses = new Map<string, OnnxNode[]>()

  constructor(model: OnnxModel, folder: string) {
    this.model = model
    this.#folder = folder
    this.#stored = new Map(model.tensors.map((tensor) => [tensor.name, tensor]))
    this.#nodes = model.nodes
    this.#connect()
  }

  get nodes(): readonly OnnxNode[] {
    return this.#nodes
  }

  producer(tensor: string): OnnxNode | undefined {
    return this.#producers.get(tensor)
  }

  consumers(tensor: string): readonly OnnxNode[] {
    return this.#uses.get(tensor) ?? []
  }

  isOutput(tensor: string): boolean {
    return this.model.outputs.some(({ name }) => name === tensor)
  }

  /** Whether one node takes the numbers of the tensor, once, and it is no output of the network. */
  hasOneUse(tensor: string): boolean {
    const uses = this.consumers(tensor).filter(({ operator }) => operator !== 'Shape')
    return uses.length === 1 && !this.isOutput(tensor)
  }

  /** Replaces nodes by others that compute the same outputs, and drops those that are no longer needed. */
  replace(nodes: ReadonlyMap<OnnxNode, OnnxNode | readonly OnnxNode[]>): void {
    this.#nodes = this.#nodes.flatMap((node) => nodes.get(node) ?? node)
    this.#connect()
  }

  #connect(): void {
    this.#producers = new Map(this.#nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)))
    const needed = new Set<OnnxNode>()
    const waiting = this.model.outputs.flatMap(({ name }) => this.#producers.get(name) ?? [])
    for (let node = waiting.pop(); node; node = waiting.pop()) {
      if (needed.has(node)) continue
      needed.add(node)
      for (const input of node.inputs) {
        const producer = this.#producers.get(input)
        if (producer) waiting.push(producer)
      }
    }
    this.#nodes = this.#nodes.filter((node) => needed.has(node))
    this.#uses = new Map()
    for (const node of this.#nodes) {
      for (const input of node.inputs) {
        const uses = this.#uses.get(input)
        if (uses) uses.push(node)
        else this.#uses.set(input, [node])
      }
    }
  }

  /**
   * The values that the file states for a tensor; undefined if a node computes it.
   *
   * @throws Refusal if they cannot be read.
   */
  constant(tensor: string): Constant | undefined {
    const known = this.#constants.get(tensor)
    if (known) return known
    const stored = this.#stored.get(tensor)
    const producer = this.#producers.get(tensor)
    const found = stored
      ? readTensor(stored, this.#folder)
      : producer?.operator === 'Constant'
        ? this.#statedValue(producer)
        : undefined
    if (found) this.#constants.set(tensor, { ...found, name: tensor })
    return found && this.#constants.get(tensor)
  }

  /** As `constant`; undefined as well if the values cannot be read. */
  readableConstant(tensor: string): Constant | undefined {
    try {
      return this.constant(tensor)
    } catch (error) {
      if (error instanceof Refusal) return undefined
      throw error
    }
  }

  #statedValue({ attributes }: OnnxNode): Constant {
    for (const [name, value] of attributes) {
      if (isTensor(value)) return readTensor(value, this.#folder)
      const list = [value].flat()
      if (list.every((one) => typeof one === 'number')) {
        return {
          shape: Array.isArray(value) ? [list.length] : [],
          values: name.startsWith('value_float') ? Float32Array.from(list) : Float64Array.from(list),
        }
      }
    }
    return refuse('it states no numbers')
  }
}

export function numberOf({ attributes }: OnnxNode, name: string, otherwise: number): number {
  const value = attributes.get(name)
  return typeof value === 'number' ? value : otherwise
}

export function textOf({ attributes }: OnnxNode, name: string, otherwise: string): string {
  const value = attributes.get(name)
  return typeof value === 'string' ? value : otherwise
}

export function numbersOf(node: OnnxNode, name: string): readonly number[] | undefined {
  const value: Attribute | undefined = node.attributes.get(name)
  return Array.isArray(value) && value.every((one) => typeof one === 'number') ? value : undefined
}

/** The inputs of the node that computes a tensor, if it has this operator. */
export function inputsOf(graph: OnnxGraph, tensor: string | undefined, operator: string): readonly string[] {
  const producer = tensor === undefined ? undefined : graph.producer(tensor)
  return producer?.operator === operator ? producer.inputs : []
}

/** A number that the file states as a tensor. */
export function storedNumber(graph: OnnxGraph, tensor: string | undefined): number | undefined {
  const stored = tensor === undefined ? undefined : graph.readableConstant(tensor)
  return stored && scalarOf(stored)
}

/** The axes of a reduction that computes a tensor: an input in newer versions of its operator, an attribute before. */
export function reducedAxes(graph: OnnxGraph, tensor: string | undefined): readonly number[] {
  const producer = tensor === undefined ? undefined : graph.producer(tensor)
  const input = producer?.inputs[1] === undefined ? undefined : graph.readableConstant(producer.inputs[1])
  return input ? integersOf(input) : ((producer && numbersOf(producer, 'axes')) ?? [])
}

/** Two inputs in both orders, for an operator that takes them in any. */
export function bothOrders([left, right, ...others]: readonly string[]): (readonly [string, string])[] {
  if (left === undefined || right === undefined || others.length > 0) return []
  return [
    [left, right],
    [right, left],
  ]
}

/** The place of a node in messages: its name, or the tensor that it computes, and its operator. */
export function placeOf({ name, operator, outputs }: OnnxNode): string {
  return `node ${quoted(name || (outputs[0] ?? ''))} (${operator.slice(0, 80)})`
}
