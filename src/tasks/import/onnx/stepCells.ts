/** Recognizes one step of a recurrent cell that is written as operators of its own. */
import type { OnnxNode } from './decodeModel.ts'
import { bothOrders, inputsOf, numberOf, storedNumber, textOf, type OnnxGraph } from './graph.ts'

/** A product with a stored kernel, or a convolution, which may have a bias. */
export interface Product {
  readonly node: OnnxNode
  readonly factor: string
  readonly kernel: string
  readonly bias?: string | undefined
}

/** One step of a cell. */
export interface CellStep {
  readonly cell: 'RNN' | 'GRU' | 'LSTM' | 'ConvLSTM'
  readonly activation: string
  readonly recurrentActivation?: string
  readonly ofInput: Product
  /** The products with the state; undefined for a first step that leaves out zeros. A GRU may have two. */
  readonly ofState: readonly Product[]
  /** The states before it: the output, and the cell state if there is one. */
  readonly before: readonly (string | undefined)[]
  /** The new cell state. */
  readonly cellState?: string
  readonly resetAfter?: boolean
}

/** Whether a tensor is the zeros at the start, or the state of an earlier step of the cell that has a kernel, if it is given. */
export type IsState = (tensor: string, kernel?: string) => boolean

export function matchStep(graph: OnnxGraph, output: string, isState: IsState): CellStep | undefined {
  return matchLstm(graph, output, isState) ?? matchGru(graph, output, isState) ?? matchSimple(graph, output, isState)
}

/** activation(x · K + h · R + b). */
function matchSimple(graph: OnnxGraph, output: string, isState: IsState): CellStep | undefined {
  for (const { activation, from } of activationsAt(graph, output)) {
    const sum = sumOf(graph, from, isState)
    const [state, ...others] = sum?.ofState ?? []
    if (sum?.ofInput && state && others.length === 0 && state.node.operator === 'MatMul')
      return { cell: 'RNN', activation, ofInput: sum.ofInput, ofState: [state], before: [state.factor] }
  }
  return undefined
}

/** The gates i, f, g and o are the quarters of one sum: c = σ(f) · c + σ(i) · a(g), h = σ(o) · a(c). */
function matchLstm(graph: OnnxGraph, output: string, isState: IsState): CellStep | undefined {
  for (const [gate, active] of bothOrders(inputsOf(graph, output, 'Mul'))) {
    const o = gateAt(graph, gate, 3, 4)
    for (const { activation, from } of o ? activationsAt(graph, active) : []) {
      const cell = matchCellState(graph, from, o!.split)
      const sum = cell && sumOf(graph, o!.split.inputs[0]!, isState)
      if (!cell || !sum?.ofInput || sum.ofState.length > 1) continue
      const [state] = sum.ofState
      const isConvolution = sum.ofInput.node.operator === 'Conv'
      const fits = cell.activation === activation && cell.recurrentActivation === o!.activation
      if (!fits || (state === undefined ? !isConvolution : state.node.operator !== sum.ofInput.node.operator)) continue
      if ((state === undefined) !== (cell.before === undefined)) continue
      return {
        cell: isConvolution ? 'ConvLSTM' : 'LSTM',
        activation,
        recurrentActivation: o!.activation,
        ofInput: sum.ofInput,
        ofState: sum.ofState,
        before: [state?.factor, cell.before],
        cellState: from,
      }
    }
  }
  return undefined
}

interface CellState {
  readonly activation: string
  readonly recurrentActivation: string
  readonly before: string | undefined
}

/** σ(f) · c + σ(i) · a(g); in a first step it may be the second product alone. */
function matchCellState(graph: OnnxGraph, tensor: string, split: OnnxNode): CellState | undefined {
  const added = (product: string) =>
    bothOrders(inputsOf(graph, product, 'Mul')).flatMap(([left, right]) => {
      const [i, g] = [gateAt(graph, left, 0, 4), gateAt(graph, right, 2, 4)]
      return i?.split === split && g?.split === split
        ? [{ activation: g.activation, recurrentActivation: i.activation }]
        : []
    })[0]
  const alone = added(tensor)
  if (alone) return { ...alone, before: undefined }
  for (const [kept, proposed] of bothOrders(inputsOf(graph, tensor, 'Add'))) {
    const found = added(proposed)
    for (const [gate, before] of bothOrders(inputsOf(graph, kept, 'Mul'))) {
      const f = gateAt(graph, gate, 1, 4)
      if (found && f?.split === split && f.activation === found.recurrentActivation) return { ...found, before }
    }
  }
  return undefined
}

/** h = z · h + (1 − z) · a(p + past), where `past` is (r · h) · R, or r · (h · R + b) if it resets after the product. */
function matchGru(graph: OnnxGraph, output: string, isState: IsState): CellStep | undefined {
  for (const [kept, change] of bothOrders(inputsOf(graph, output, 'Add'))) {
    for (const [update, h] of bothOrders(inputsOf(graph, kept, 'Mul'))) {
      for (const [rest, proposed] of bothOrders(inputsOf(graph, change, 'Mul'))) {
        const [one, subtracted] = inputsOf(graph, rest, 'Sub')
        if (storedNumber(graph, one) !== 1 || subtracted !== update || !isState(h)) continue
        const found = matchProposed(graph, { h, update, proposed }, isState)
        if (found) return found
      }
    }
  }
  return undefined
}

interface GruParts {
  readonly h: string
  readonly update: string
  readonly proposed: string
}

function matchProposed(graph: OnnxGraph, { h, update, proposed }: GruParts, isState: IsState): CellStep | undefined {
  for (const { activation, from } of activationsAt(graph, proposed)) {
    for (const [ofInput, past] of bothOrders(inputsOf(graph, from, 'Add'))) {
      const p = gateAt(graph, ofInput, 2, 3)
      const input = p?.activation === 'linear' ? sumOf(graph, p.split.inputs[0]!, isState) : undefined
      if (!p || !input?.ofInput || input.ofState.length > 0) continue
      const gates = { inputs: p.split, update }
      const found = matchReset(graph, past, h, gates)
      if (!found) continue
      const { state, again, recurrentActivation } = found
      const sum = sumOf(graph, state.inputs[0]!, isState)
      const [product] = sum?.ofState ?? []
      if (sum?.ofState.length !== 1 || product!.factor !== h || sum.ofInput) continue
      const ofState = again ? [product!, again] : [product!]
      const resetAfter = again === undefined
      return { cell: 'GRU', activation, recurrentActivation, ofInput: input.ofInput, ofState, before: [h], resetAfter }
    }
  }
  return undefined
}

interface Reset {
  /** The node that splits the products with the state. */
  readonly state: OnnxNode
  /** The product with the reset state, if it resets before the product. */
  readonly again?: Product
  readonly recurrentActivation: string
}

function matchReset(
  graph: OnnxGraph,
  past: string,
  h: string,
  gates: { readonly inputs: OnnxNode; readonly update: string },
): Reset | undefined {
  const product = productAt(graph, past)
  const pair = bothOrders(inputsOf(graph, product?.factor ?? past, 'Mul'))
  for (const [reset, other] of pair) {
    const count = product ? 2 : 3
    const hp = product ? undefined : gateAt(graph, other, 2, 3)
    if (product ? other !== h : hp?.activation !== 'linear') continue
    const r = gateSum(graph, reset, gates.inputs, 1, count)
    const z = gateSum(graph, gates.update, gates.inputs, 0, count)
    if (!r || !z || r.state !== z.state || r.activation !== z.activation) continue
    if (hp && hp.split !== r.state) continue
    return { state: r.state, recurrentActivation: r.activation, ...(product && { again: product }) }
  }
  return undefined
}

/** σ(a + b), where a is a part of the products with the input, and b one of those with the state. */
function gateSum(graph: OnnxGraph, gate: string, inputs: OnnxNode, part: number, count: number) {
  for (const { activation, from } of activationsAt(graph, gate)) {
    for (const [left, right] of bothOrders(inputsOf(graph, from, 'Add'))) {
      const [a, b] = [gateAt(graph, left, part, 3), gateAt(graph, right, part, count)]
      if (a?.split === inputs && a.activation === 'linear' && b?.activation === 'linear' && b.split !== inputs)
        return { activation, state: b.split }
    }
  }
  return undefined
}

interface Sum {
  readonly ofInput: Product | undefined
  readonly ofState: readonly Product[]
}

/** A sum of products with stored kernels, and of at most one bias. The input has one product. */
function sumOf(graph: OnnxGraph, tensor: string, isState: IsState): Sum | undefined {
  const products: Product[] = []
  const biases: string[] = []
  const waiting = [tensor]
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    if (products.length + biases.length > 3) return undefined
    const product = productAt(graph, one)
    const terms = inputsOf(graph, one, 'Add')
    if (product) products.push(product)
    else if (graph.readableConstant(one)) biases.push(one)
    else if (terms.length === 2 && waiting.length < 4) waiting.push(...terms)
    else return undefined
  }
  const ofState = products.filter(({ factor, kernel }) => isState(factor, kernel))
  const [ofInput, ...others] = products.filter((product) => !ofState.includes(product))
  if (products.length === 0 || others.length > 0 || biases.length > 1) return undefined
  const bias = biases[0]
  if (bias === undefined) return { ofInput, ofState }
  if (products.some((product) => product.bias !== undefined)) return undefined
  if (ofInput) return { ofInput: { ...ofInput, bias }, ofState }
  return { ofInput, ofState: ofState.map((product) => ({ ...product, bias })) }
}

function productAt(graph: OnnxGraph, tensor: string): Product | undefined {
  const node = graph.producer(tensor)
  const [factor, kernel, bias] = node?.operator === 'MatMul' || node?.operator === 'Conv' ? node.inputs : []
  const isStored = kernel !== undefined && graph.readableConstant(kernel) !== undefined
  return isStored ? { node: node!, factor: factor!, kernel, bias } : undefined
}

/** A part of a tensor that is split into equal ones, perhaps after an activation. */
function gateAt(graph: OnnxGraph, tensor: string, part: number, count: number) {
  for (const { activation, from } of activationsAt(graph, tensor)) {
    const split = graph.producer(from)
    if (split?.operator !== 'Split' || split.outputs.length !== count || split.outputs[part] !== from) continue
    const sizes = split.inputs[1] === undefined ? undefined : graph.readableConstant(split.inputs[1])?.values
    const isEven = split.inputs[1] === undefined || sizes?.every((size) => size === sizes[0]) === true
    if (isEven && numberOf(split, 'axis', 0) === 1 && !split.attributes.has('split')) return { split, activation }
  }
  return undefined
}

/** What a tensor may be the activation of: `linear` of itself, or that of the operator which computes it. */
function activationsAt(graph: OnnxGraph, tensor: string): { readonly activation: string; readonly from: string }[] {
  const node = graph.producer(tensor)
  const activation = node && activationOf(graph, node)
  const own = { activation: 'linear', from: tensor }
  return activation === undefined ? [own] : [{ activation, from: node!.inputs[0]! }, own]
}

/** The activations that are operators without attributes. */
export const plainActivations: Readonly<Record<string, string>> = {
  Relu: 'relu',
  Tanh: 'tanh',
  Sigmoid: 'sigmoid',
  Selu: 'selu',
  Softplus: 'softplus',
  Softsign: 'softsign',
  Swish: 'swish',
  Mish: 'mish',
}

function activationOf(graph: OnnxGraph, node: OnnxNode): string | undefined {
  const { operator, inputs } = node
  if (Object.hasOwn(plainActivations, operator)) return plainActivations[operator]
  const isNear = (name: string, wanted: number, otherwise: number) =>
    Math.abs(numberOf(node, name, otherwise) - wanted) < 1e-6
  if (operator === 'Gelu') return textOf(node, 'approximate', 'none') === 'tanh' ? 'gelu_new' : 'gelu'
  if (operator === 'Elu' && isNear('alpha', 1, 1)) return 'elu'
  if (operator === 'HardSigmoid' && isNear('alpha', 0.2, 0.2) && isNear('beta', 0.5, 0.5)) return 'hardSigmoid'
  if (operator === 'Softmax' && isNear('axis', 1, -1)) return 'softmax'
  const isSix = operator === 'Clip' && storedNumber(graph, inputs[1]) === 0 && storedNumber(graph, inputs[2]) === 6
  return isSix ? 'relu6' : undefined
}
