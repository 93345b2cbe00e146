/** The definition of a layer type: its options, output shape, weights, operations and lowering, and the types of these. */
import type { TObject } from 'typebox'
import type { DiagnosticCode } from '../diagnostics/codes.ts'
import type { Shape } from './dims.ts'
import type { Call } from './expression.ts'
import { erase, type Options, type PartDef, type Resolved } from './schema.ts'

/** A change of the spec that would fix a layer; it becomes text edits where positions are known. */
export type Suggestion =
  | { readonly kind: 'set'; readonly option: string; readonly value: unknown }
  | { readonly kind: 'remove'; readonly option: string }
  | { readonly kind: 'replaceBy'; readonly layer: Readonly<Record<string, object>> }
  | { readonly kind: 'insertBefore'; readonly layer: string | Readonly<Record<string, object>> }

/** A reason why a layer cannot be applied to its inputs. */
export interface LayerProblem {
  readonly code: DiagnosticCode
  readonly message: string
  /** The option at fault, if any: the message points at it. */
  readonly option?: string
  /** The keys that lead from the option to the place of the mistake, if that is inside of its value. */
  readonly inside?: readonly string[]
  readonly help?: string
  readonly suggestions?: readonly Suggestion[]
}

export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: LayerProblem }

export function ok<T>(value: T): Result<T> {
  return { ok: true, value }
}

export function problem(found: LayerProblem): { readonly ok: false; readonly problem: LayerProblem } {
  return { ok: false, problem: found }
}

/** A tensor that a layer owns. Its number of parameters is the product of its shape. */
export interface Weight {
  readonly name: string
  readonly shape: readonly number[]
  /** False for weights that are not learned by gradient descent, such as moving averages. */
  readonly trainable: boolean
}

/** How many inputs a layer takes. */
export interface Arity {
  readonly least: number
  readonly most: number
}

type OneInput = { readonly least: 1; readonly most: 1 }

/** The types of the required inputs, by the smallest number of inputs. */
interface LeastInputs {
  0: readonly []
  1: readonly [Shape]
  2: readonly [Shape, Shape]
}

/** The shapes of a layer's inputs, with the length that its arity allows. */
export type InputsOf<A extends Arity> = A['least'] extends keyof LeastInputs
  ? readonly [...LeastInputs[A['least']], ...(A['most'] extends A['least'] ? [] : Shape[])]
  : readonly Shape[]

/** A gradient that the engine does not implement: training through the layer fails. */
export interface MissingGradient extends LayerProblem {
  /** Whether the layer's own weights lack it, too; otherwise only the layers before it. */
  readonly ownWeights: boolean
}

/** The name of a function in src/patches. */
export type NodePatch =
  | 'fixAveragePooling'
  | 'fixDilatedConvolutions'
  | 'fixStretchedExtremes'
  | 'fixTransposedConvolution3d'
  | 'fixUnstacking'
  | 'registerNodeFallbacks'

/**
 * How a layer of tf.layers treats a mask, which has one flag per step to skip. Most layers drop it. A layer that `reads`
 * `steps` expects one flag per step, `pixels` one per pixel of the image of a step; `values` expects one per value, which no
 * mask has, and so it throws on any mask.
 */
export interface MaskUse {
  readonly makes?: boolean
  readonly passes?: boolean
  readonly reads?: 'steps' | 'pixels' | 'values'
  /** The activation that computes the same as an option of other layers, which then read no mask. */
  readonly activationInstead?: string
  /** How the masks of several inputs are joined. */
  readonly joins?: 'stretched' | 'along the axis'
}

/**
 * The receptive field of one position of a layer's output along one axis of its input: its size in positions of the
 * input, and the distance to the field of the next position.
 */
export interface ReceptiveField {
  readonly span: number
  readonly stride: number
}

/** A layer with its inputs and output in the network, for lowering. */
export interface PlacedLayer<Inputs = readonly Shape[]> {
  readonly name: string
  readonly trainable: boolean
  readonly inputs: Inputs
  readonly output: Shape
}

/**
 * The only effect of a layer on values: `input` feeds them to the network, `affine` computes weighted sums, `activation`
 * applies a function to each, `rearranging` changes their shape or order, `noise` changes them at random while training, and
 * `normalization` brings them to a common mean and variance.
 */
export type LayerRole = 'input' | 'affine' | 'activation' | 'rearranging' | 'noise' | 'normalization'

/**
 * The property in which later inputs of a shared layer must agree with its first input: `rank` is the number of axes,
 * `elementCount` the number of values, `shape` all sizes, and `stepShape` all sizes but the first, the steps of a sequence.
 * `commonRank` applies to merges: if the inputs of the first use have equal ranks, the inputs of every use must have.
 */
export type InputAgreement = 'rank' | 'elementCount' | 'shape' | 'stepShape' | 'commonRank'

export interface LayerDef<S extends TObject = TObject, A extends Arity = Arity> extends PartDef<S> {
  readonly role?: LayerRole
  /** The input shape of the example in the reference, if none of the usual shapes suits the layer. */
  readonly exampleInput?: readonly number[]
  /** The layer that follows in the example, if the layer makes no sense alone. */
  readonly exampleFollower?: Options
  readonly arity: A
  shape(options: Resolved<S>, inputs: InputsOf<A>): Result<Shape>
  /** Called only with inputs that `shape` accepted. */
  weights(options: Resolved<S>, inputs: InputsOf<A>): readonly Weight[]
  /** The number of operations in the forward pass of one sample; a multiply-add counts as two. */
  flops(options: Resolved<S>, inputs: InputsOf<A>, output: Shape): number
  /** Undefined if the engine can train through the layer, as for most. */
  missingGradient?(options: Resolved<S>, inputs: InputsOf<A>): MissingGradient | undefined
  /** The patches that tfjs-node needs to train through the layer. The runtime applies all patches, a compiled script only these. */
  nodePatches?(options: Resolved<S>, inputs: InputsOf<A>): readonly NodePatch[]
  /** The function of a layer whose role is `activation`; other layers have the option `activation`. */
  activation?(options: Resolved<S>, output: Shape): string
  /** The reason why the layer is a no-op: with these options its output equals its input. Undefined if it is not. */
  noOpReason?(options: Resolved<S>, inputs: InputsOf<A>, output: Shape): string | undefined
  /** Whether the layer, while training, subtracts any constant that is added to a channel before it. */
  readonly removesBias?: true
  /** Whether it flattens all axes of its input into one. */
  readonly joinsAxes?: true
  /** Whether it reduces each channel of an image to one value. */
  readonly poolsImage?: true
  masks?(options: Resolved<S>): MaskUse
  /** The option that keeps the steps of a sequence, of which the layer otherwise returns only the last. */
  readonly keepsSteps?: Extract<keyof Resolved<S>, string>
  /** The option with the number of values, for a layer whose input must be whole numbers from 0 below it. */
  readonly countsValues?: Extract<keyof Resolved<S>, string>
  /**
   * The property that all inputs of a shared layer must share with its first input, beyond fitting its weights, because the
   * engine or `lower` computes something from the first. Undefined for most layers.
   */
  inputsAgreeIn?(options: Resolved<S>, inputs: readonly Shape[]): InputAgreement | undefined
  /** The receptive field along each spatial axis, for layers in which it has the same size at every position. */
  receptiveFields?(options: Resolved<S>): readonly ReceptiveField[]
  lower(options: Resolved<S>, placed: PlacedLayer<InputsOf<A>>): Call
  /**
   * The call in compiled scripts, if it differs from `lower`: for layers whose role is `noise`, which draw random numbers.
   *
   * @param place The index of the layer among the layers with this role.
   */
  script?(options: Resolved<S>, place: number): Call | undefined
}

/** A definition as written in its file: without an arity, the layer takes one input. */
export type StatedLayer<S extends TObject, A extends Arity = OneInput> = Omit<LayerDef<S, A>, 'arity'> & {
  readonly arity?: A
}

/** Types the functions of a definition by its schema and its arity. The returned type is the same for all layers. */
export function defineLayer<const S extends TObject, const A extends Arity = OneInput>(
  stated: StatedLayer<S, A>,
): LayerDef {
  return erase({ arity: { least: 1, most: 1 }, ...stated })
}
