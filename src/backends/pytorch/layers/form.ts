/** The form of a layer in PyTorch: the modules and expressions that compute it, and the order of axes that it takes. */
import type { Dim, Shape } from '../../../language/dims.ts'
import { printCall, type Options } from '../expression.ts'
import type { StateEntry } from './state.ts'

/**
 * The order of the axes of a tensor: `spec` is that of the spec, channels last; `moved` has the last axis of the spec moved
 * to the front, after the batch, which is where PyTorch has its channels.
 */
export type Layout = 'spec' | 'moved'

/** A step of the computation of a layer. A stage has a `module`, a `call`, or both, which then compute the same. */
export interface Stage {
  /** Modules that compute it in turn. */
  readonly modules?: readonly string[]
  /** An expression that computes it from its inputs. */
  readonly call?: (...inputs: readonly string[]) => string
  /** The parameters and buffers of its only module, in the order of the weights of the layer. */
  readonly state?: readonly StateEntry[]
  /** Whether the module takes a mask as its second input. */
  readonly takesMask?: boolean
}

/** A layer at its place in the network. */
export interface PlacedForm<O> {
  readonly options: O
  readonly inputs: readonly Shape[]
  readonly output: Shape
  /** The order of the axes of its inputs, which is that of its output as well unless its form says otherwise. */
  readonly layout: Layout
  readonly trainable: boolean
  /** Whether it skips steps by a mask. */
  readonly isMasked: boolean
}

/** The reason why PyTorch cannot compute a layer: a clause. */
export interface Unsupported {
  readonly reason: string
}

/** The options of a layer, read from a spec. */
export type LayerOptions = Readonly<Record<string, unknown>>

export interface LayerForm<O = LayerOptions> {
  /** The order of axes that it takes; `any` computes each value separately. */
  readonly wants: (options: O, inputs: readonly Shape[]) => Layout | 'any'
  readonly stages: (layer: PlacedForm<O>) => readonly Stage[] | Unsupported
  /** The order of the axes of its output, if it is always the same. */
  readonly gives?: Layout
  /** Whether it makes a flattened image, takes it in any order, or computes each value by itself and passes the order on. */
  readonly flattened?: (options: O) => 'makes' | 'takes' | 'passes' | undefined
  /** Whether it measures its batches in training, so that it matters which samples are in one call. */
  readonly measuresBatches?: true
}

/** Types the functions of a form by the options of its layer. The returned type is the same for all layers. */
export function defineForm<O>(form: LayerForm<O>): LayerForm {
  return form as unknown as LayerForm
}

export function moduleStage(module: string, call?: Stage['call']): Stage {
  return call === undefined ? { modules: [module] } : { modules: [module], call }
}

/** A module with weights, which a frozen layer does not train. */
export function weightedStage(
  callee: string,
  args: readonly string[],
  options: Options,
  trainable: boolean,
  state: readonly StateEntry[],
): Stage {
  return moduleWithState(printCall(callee, args, options), trainable, state)
}

export function moduleWithState(module: string, trainable: boolean, state: readonly StateEntry[]): Stage {
  return { modules: [trainable ? module : `${module}.requires_grad_(False)`], state }
}

/** Puts an expression in brackets, if a method cannot be called on it as it is. */
export function atom(expression: string): string {
  let depth = 0
  for (const character of expression) {
    if ('([{'.includes(character)) depth += 1
    else if (')]}'.includes(character)) depth -= 1
    else if (depth === 0 && !/[\w.]/.test(character)) return `(${expression})`
  }
  return expression
}

/** The axis of a tensor for an axis of its sample in the order of the spec. */
export function axisOf(index: number, rank: number, layout: Layout): number {
  if (layout === 'spec' || rank < 2) return index + 1
  return index === rank - 1 ? 1 : index + 2
}

/** Prints sizes: one number if all are equal. */
export function printSizes(sizes: readonly number[]): string {
  return sizes.every((size) => size === sizes[0]) ? String(sizes[0]) : `(${sizes.join(', ')})`
}

export function printTuple(items: readonly (number | string)[]): string {
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`
}

export function printDim(dim: Dim): string {
  return typeof dim === 'number' ? String(dim) : '-1'
}

/** Moves the channels to the end, as the spec has them, or after the batch. */
export function convertLayout(to: Layout): Stage {
  return to === 'spec'
    ? moduleStage('ChannelsLast()', (x) => `${atom(x!)}.movedim(1, -1)`)
    : moduleStage('ChannelsFirst()', (x) => `${atom(x!)}.movedim(-1, 1)`)
}

export const anyLayout = () => 'any' as const
export const specLayout = () => 'spec' as const

/** A layer that computes each value separately. */
export const elementwise = <O>(stages: (options: O) => readonly Stage[]) =>
  defineForm<O>({ wants: anyLayout, flattened: () => 'passes', stages: ({ options }) => stages(options) })
