/**
 * Finds recurrent layers that are written step by step, since the operators of ONNX lack masks, convolutional cells and some
 * activations. All steps become one node.
 */
import { createHash } from 'node:crypto'
import { integersOf, scalarOf } from './constants.ts'
import { isTensor, type Attribute, type OnnxNode } from './decodeModel.ts'
import { maskSources } from './fuseMasks.ts'
import { inputsOf, numberOf, numbersOf, type OnnxGraph } from './graph.ts'
import { matchStep, type CellStep } from './stepCells.ts'

/** A step of a layer, and those before it. */
interface Step {
  /** The new output, which the states before it replace where the step is masked. */
  readonly output: string
  readonly cell: CellStep
  readonly input: StepInput
  readonly mask?: string | undefined
  /** Whether its output has no state before it where it is masked, which only the next cell of a stack may take. */
  readonly isUnkept: boolean
  readonly before?: Step
  /** The number of cells in its stack up to this one. */
  readonly level: number
  /** The number of steps up to this one. */
  readonly count: number
  /** The difference of the places of two steps in the sequence; 0 after the first one. */
  readonly direction: number
}

/** What a step takes: a place in a sequence, or the output of a step of the cell below in a stack. */
interface StepInput {
  readonly sequence?: string
  readonly below?: Step
  /** The place in the sequence of the lowest cell. */
  readonly place: number
  /** The order of the axes of a step, if it is turned before a convolution. */
  readonly turned: readonly number[] | undefined
}

/** Precedes the names of the attributes of the convolution of the state. */
export const ofStatePrefix = 'state of '

/** The most cells of a stack. */
const mostCells = 20

/** The place of each input of the node that stands for all steps; masks follow. */
export const stepInputs = { x: 0, kernel: 1, recurrentKernel: 2, againKernel: 3, bias: 4, recurrentBias: 5, masks: 6 }

export function fuseSteps(graph: OnnxGraph): void {
  if (!graph.nodes.some(({ operator }) => operator === 'Gather')) return
  const replaced = new StepFusion(graph).find()
  if (replaced.size > 0) graph.replace(replaced)
}

class StepFusion {
  readonly #graph: OnnxGraph
  /** By the state that later steps take. */
  readonly #steps = new Map<string, Step>()
  /** By the output that the next cell of a stack takes: it is computed for masked steps, too. */
  readonly #outputs = new Map<string, Step>()
  readonly #hasNext = new Set<Step>()
  readonly #identities = new Map<string, string>()

  constructor(graph: OnnxGraph) {
    this.#graph = graph
  }

  find(): ReadonlyMap<OnnxNode, readonly OnnxNode[]> {
    const replaced = new Map<OnnxNode, readonly OnnxNode[]>()
    for (const node of this.#graph.nodes) {
      const [output] = node.outputs
      if (output === undefined) continue
      const step = this.#readStep(node, output)
      if (step) {
        if (!step.isUnkept) this.#steps.set(output, step)
        this.#outputs.set(step.output, step)
        if (step.before) this.#hasNext.add(step.before)
      }
      const all = node.operator === 'Concat' ? this.#sequenceOf(node) : undefined
      if (all) replaced.set(node, this.#layersOf(all.last, node, true, all.turned))
    }
    for (const [state, step] of this.#steps) {
      const node = this.#graph.producer(state)!
      if (!this.#hasNext.has(step)) replaced.set(node, this.#layersOf(step, node, false, undefined))
    }
    return replaced
  }

  #readStep(node: OnnxNode, output: string): Step | undefined {
    const kept = node.operator === 'Where' ? node.inputs : undefined
    const cell = matchStep(this.#graph, kept?.[1] ?? output, (tensor, kernel) => this.#isState(tensor, kernel))
    const [h, c] = cell?.before ?? []
    if (!cell || (kept && kept[2] !== h)) return undefined
    const input = this.#inputOf(cell.ofInput.factor)
    const before = h === undefined ? undefined : this.#steps.get(h)
    const mask = kept ? this.#maskAt(kept[0]!, input?.place) : before?.mask
    const level = (input?.below?.level ?? 0) + 1
    if (!input || level > mostCells || (kept && mask === undefined)) return undefined
    const isUnkept = !kept && mask !== undefined
    const first = { output: kept?.[1] ?? output, cell, input, mask, isUnkept, level, count: 1, direction: 0 }
    if (!before) {
      const isFirst = cell.before.every((state) => state === undefined || this.#isZero(state))
      return isFirst ? first : undefined
    }
    const direction = input.place - before.input.place
    const isNext =
      Math.abs(direction) === 1 &&
      (before.direction === 0 || before.direction === direction) &&
      before.mask === mask &&
      this.#isSameCell(before.cell, cell) &&
      isSameSource(before, input) &&
      this.#isCellStateAfter(before, c)
    return isNext ? { ...first, before, count: before.count + 1, direction } : undefined
  }

  #isState(tensor: string, kernel: string | undefined): boolean {
    const step = this.#steps.get(tensor)
    if (!step) return this.#isZero(tensor)
    const own = step.cell.ofState.map((product) => this.#identity(product.kernel))
    return kernel === undefined || own.length === 0 || own.includes(this.#identity(kernel))
  }

  #isZero(tensor: string): boolean {
    const producer = this.#graph.producer(tensor)
    if (producer?.operator !== 'ConstantOfShape') return false
    const value = producer.attributes.get('value')
    return value === undefined || (isTensor(value) && [...(value.bytes ?? value.listed)].every((one) => one === 0))
  }

  /** Whether the cell state that a step takes is that of the step before. */
  #isCellStateAfter({ cell, mask, before }: Step, state: string | undefined): boolean {
    if (mask === undefined || state === undefined) return state === cell.cellState
    const [, next, kept] = inputsOf(this.#graph, state, 'Where')
    const old = cell.before[1]
    const isOld = kept === old || (before === undefined && kept !== undefined && this.#isZero(kept))
    return next === cell.cellState && isOld
  }

  #isSameCell(one: CellStep, other: CellStep): boolean {
    const facts = ({ cell, activation, recurrentActivation, resetAfter, ofInput }: CellStep) =>
      [
        cell,
        activation,
        recurrentActivation,
        resetAfter,
        this.#identity(ofInput.kernel),
        this.#identity(ofInput.bias),
        windowOf(ofInput.node),
      ].join(' ')
    const state = ({ ofState }: CellStep) =>
      ofState
        .map(({ kernel, bias, node }) => `${this.#identity(kernel)} ${this.#identity(bias)} ${windowOf(node)}`)
        .join(' ')
    return facts(one) === facts(other) && (one.ofState.length === 0 || state(one) === state(other))
  }

  /** The name of an array, or the hash of its values, which several arrays of a file may have. */
  #identity(tensor: string | undefined): string {
    if (tensor === undefined || tensor === '') return ''
    const known = this.#identities.get(tensor)
    if (known !== undefined) return known
    const stored = this.#graph.readableConstant(tensor)
    const found = stored
      ? createHash('sha256').update(`${stored.shape.join()} `).update(stored.values).digest('hex')
      : `computed ${tensor}`
    this.#identities.set(tensor, found)
    return found
  }

  #inputOf(factor: string): StepInput | undefined {
    const below = this.#outputs.get(factor)
    if (below) return { below, place: below.input.place, turned: undefined }
    const producer = this.#graph.producer(factor)
    const turned = producer?.operator === 'Transpose' ? numbersOf(producer, 'perm') : undefined
    const gathered = this.#gathered(turned ? producer!.inputs[0]! : factor)
    return gathered && { ...gathered, turned }
  }

  /** One step of a sequence [batch, steps, …]. */
  #gathered(tensor: string): { readonly sequence: string; readonly place: number } | undefined {
    const producer = this.#graph.producer(tensor)
    const [sequence, index] = inputsOf(this.#graph, tensor, 'Gather')
    const stored = index === undefined ? undefined : this.#graph.readableConstant(index)
    const place = stored?.shape.length === 0 ? scalarOf(stored) : undefined
    const isStep = producer !== undefined && numberOf(producer, 'axis', 0) === 1
    return sequence !== undefined && isStep && place !== undefined ? { sequence, place } : undefined
  }

  /** The mask [batch, steps] of which a condition [batch, 1] is a step. */
  #maskAt(condition: string, place: number | undefined): string | undefined {
    const [column] = inputsOf(this.#graph, condition, 'Cast')
    const [flags] = inputsOf(this.#graph, column, 'Unsqueeze')
    const found = flags === undefined ? undefined : this.#gathered(flags)
    return found?.place === place ? found?.sequence : undefined
  }

  /** The outputs of all steps, one after the other. */
  #sequenceOf(node: OnnxNode): { readonly last: Step; readonly turned: readonly number[] | undefined } | undefined {
    if (numberOf(node, 'axis', 0) !== 1) return undefined
    const parts = node.inputs.map((input) => {
      const [raised, axes] = inputsOf(this.#graph, input, 'Unsqueeze')
      const stored = axes === undefined ? undefined : this.#graph.readableConstant(axes)
      if (raised === undefined || (stored && integersOf(stored).join() !== '1')) return undefined
      const producer = this.#graph.producer(raised)
      const turned = producer?.operator === 'Transpose' ? numbersOf(producer, 'perm') : undefined
      return { step: this.#steps.get(turned ? producer!.inputs[0]! : raised), turned }
    })
    const last = parts.at(-1)
    const isChain = parts.every((part, index) => {
      const isNext = part?.step?.count === index + 1 && part.step.before === parts[index - 1]?.step
      return isNext && part.turned?.join() === last?.turned?.join()
    })
    return isChain && last?.step ? { last: last.step, turned: last.turned } : undefined
  }

  /** The node that stands for all steps up to one, after those of the cells below. */
  #layersOf(last: Step, node: OnnxNode, returnsSteps: boolean, turned: readonly number[] | undefined): OnnxNode[] {
    const { cell, input, mask } = last
    const sources = mask === undefined ? [] : (maskSources(this.#graph, mask) ?? [])
    // Without a known source, the mask itself is an input, which is reported where the nodes are read.
    const masks = sources.length > 0 ? sources.map(({ tensor }) => tensor) : [mask ?? []].flat()
    const below = input.below
      ? this.#layersOf(input.below, { ...node, outputs: [`${node.outputs[0]}/below`] }, true, undefined)
      : []
    const [state, again] = cell.ofState
    const attributes: (readonly [string, Attribute | undefined])[] = [
      ...cell.ofInput.node.attributes,
      ...[...(state?.node.attributes ?? [])].map(([name, value]) => [ofStatePrefix + name, value] as const),
      ['cell', cell.cell],
      ['activation', cell.activation],
      ['recurrentActivation', cell.recurrentActivation],
      ['resetAfter', Number(cell.resetAfter === true)],
      ['steps', last.count],
      // A stack takes the steps in the order in which its lowest cell does.
      ['goBackwards', Number(last.direction < 0 && !input.below)],
      ['returnSequences', Number(returnsSteps)],
      ['turnedInput', input.turned],
      ['turnedOutput', turned],
      ['masks', sources.map(({ kind }) => kind)],
    ]
    return [
      ...below,
      {
        ...node,
        operator: 'Steps',
        inputs: [
          below.at(-1)?.outputs[0] ?? input.sequence!,
          cell.ofInput.kernel,
          state?.kernel ?? '',
          again?.kernel ?? '',
          cell.ofInput.bias ?? '',
          state?.bias ?? '',
          ...masks,
        ],
        attributes: new Map(attributes.filter((pair): pair is readonly [string, Attribute] => pair[1] !== undefined)),
      },
    ]
  }
}

function isSameSource({ input: before }: Step, input: StepInput): boolean {
  const isSame = before.sequence === input.sequence && before.turned?.join() === input.turned?.join()
  return isSame && input.below?.before === before.below
}

/** How a convolution moves its window. */
function windowOf({ attributes }: OnnxNode): string {
  return [...attributes]
    .map(([name, value]) => `${name}=${String(value)}`)
    .toSorted()
    .join()
}
