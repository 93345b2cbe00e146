/** What a layer type answers for, and the few words it answers in. */
import type { TObject } from 'typebox'
import type { DiagnosticCode } from '../diagnostics/codes.ts'
import type { Shape } from './dims.ts'
import type { Call } from './expression.ts'
import { erase, type Options, type PartDef, type Resolved } from './schema.ts'

/** A change of the spec that would mend a layer; turned into text edits where positions are known. */
export type Suggestion =
  | { readonly kind: 'set'; readonly option: string; readonly value: unknown }
  | { readonly kind: 'remove'; readonly option: string }
  | { readonly kind: 'replaceBy'; readonly layer: Readonly<Record<string, object>> }
  | { readonly kind: 'insertBefore'; readonly layer: string | Readonly<Record<string, object>> }

/** Why a layer cannot take its inputs. */
export interface LayerProblem {
  readonly code: DiagnosticCode
  readonly message: string
  /** The option that is to blame, if one is: the message points at it. */
  readonly option?: string
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

/** A tensor that a layer owns. Its parameters are the product of its shape. */
export interface Weight {
  readonly name: string
  readonly shape: readonly number[]
  /** False for what is not learned by gradients, such as moving averages. */
  readonly trainable: boolean
}

/** How many inputs a layer takes. */
export interface Arity {
  readonly least: number
  readonly most: number
}

type OneInput = { readonly least: 1; readonly most: 1 }

/** The first inputs, by how many a layer takes at least. */
interface LeastInputs {
  0: readonly []
  1: readonly [Shape]
  2: readonly [Shape, Shape]
}

/** The shapes of a layer's inputs, as many as its arity says. */
export type InputsOf<A extends Arity> = A['least'] extends keyof LeastInputs
  ? readonly [...LeastInputs[A['least']], ...(A['most'] extends A['least'] ? [] : Shape[])]
  : readonly Shape[]

/** A gradient that the engine does not have: a spec that trains through it can only fail. */
export interface MissingGradient extends LayerProblem {
  /** Whether the layer's own weights are without it, too; else only what stands before the layer. */
  readonly ownWeights: boolean
}

/** A function of src/patches. */
export type NodePatch =
  | 'fixAveragePooling'
  | 'fixDilatedConvolutions'
  | 'fixStretchedExtremes'
  | 'fixTransposedConvolution3d'
  | 'fixUnstacking'
  | 'registerNodeFallbacks'

/**
 * What a layer of tf.layers does with a mask: the marks, one a step, of what is to be skipped. Most lose it.
 * `steps` reads one mark for each step, `pixels` one for each pixel of a step's image; `unlike` takes any mask for one of
 * another shape, and throws.
 */
export interface MaskUse {
  readonly makes?: boolean
  readonly passes?: boolean
  readonly reads?: 'steps' | 'pixels' | 'unlike'
  /** The activation of other layers that computes the same, and reads no mask. */
  readonly activationInstead?: string
  /** How the masks of several inputs become one. */
  readonly joins?: 'stretched' | 'along the axis'
}

/** How much of one axis of its input each position of a layer's output sees, and how far the next one stands. */
export interface Sight {
  readonly span: number
  readonly stride: number
}

/** Where a layer stands in the network, for the few calls that depend on it. */
export interface PlacedLayer<Inputs = readonly Shape[]> {
  readonly name: string
  readonly trainable: boolean
  readonly inputs: Inputs
  readonly output: Shape
}

/**
 * What a layer does to values, where that is all it does: gives them to the network, weighs and sums them, applies a function
 * to each, puts them into another shape, disturbs them in training only, or brings them to one mean and variance.
 */
export type LayerRole = 'input' | 'affine' | 'activation' | 'rearranging' | 'noise' | 'normalization'

/**
 * The number of axes; that of all values; all sizes; all sizes but the first, those of a step of a sequence; or that the
 * inputs of a use have as many axes as each other, where those of the first use have.
 */
export type HeldTo = 'rank' | 'values' | 'sizes' | 'step' | 'evenRanks'

export interface LayerDef<S extends TObject = TObject, A extends Arity = Arity> extends PartDef<S> {
  readonly role?: LayerRole
  /** The input of the example in the reference, if none of the usual shapes suits the layer. */
  readonly exampleInput?: readonly number[]
  /** The layer that follows in the example, if the layer makes no sense alone. */
  readonly exampleFollower?: Options
  readonly arity: A
  shape(options: Resolved<S>, inputs: InputsOf<A>): Result<Shape>
  /** Called only with inputs that `shape` accepted. */
  weights(options: Resolved<S>, inputs: InputsOf<A>): readonly Weight[]
  /** Operations for one sample in the forward pass; a multiply-add counts as two. */
  flops(options: Resolved<S>, inputs: InputsOf<A>, output: Shape): number
  /** Undefined, as for most layers, where the engine can train through it. */
  missingGradient?(options: Resolved<S>, inputs: InputsOf<A>): MissingGradient | undefined
  /** The patches that tfjs-node needs to train through the layer. Engines are started with all; scripts for this one link these. */
  nodePatches?(options: Resolved<S>, inputs: InputsOf<A>): readonly NodePatch[]
  /** The function that a layer of the role `activation` applies; that of others is their option `activation`. */
  activation?(options: Resolved<S>, output: Shape): string
  /** Why its output is its input, where the options make it so. */
  idle?(options: Resolved<S>, inputs: InputsOf<A>, output: Shape): string | undefined
  /** Whether a constant that is added to a channel before it is taken away again while training. */
  readonly removesBias?: true
  /** Whether all axes of its input become one. */
  readonly joinsAxes?: true
  /** Whether each channel of an image becomes one value. */
  readonly poolsImage?: true
  masks?(options: Resolved<S>): MaskUse
  /**
   * What all inputs must have in common with the first, where the layer is applied to several: what the engine, or `lower`,
   * makes of the first besides the shapes of the weights. Nothing for most.
   */
  heldTo?(options: Resolved<S>): HeldTo | undefined
  /** For each spatial axis, where every position sees a part of the input that is as large everywhere. */
  sees?(options: Resolved<S>): readonly Sight[]
  lower(options: Resolved<S>, placed: PlacedLayer<InputsOf<A>>): Call
  /**
   * The same in compiled scripts, where that is another call: of a layer of the role `noise`, which draws in training.
   *
   * @param place Of the layer among those of this role.
   */
  script?(options: Resolved<S>, place: number): Call | undefined
}

/** A definition in its file: without an arity, its layer takes one input. */
export type StatedLayer<S extends TObject, A extends Arity = OneInput> = Omit<LayerDef<S, A>, 'arity'> & {
  readonly arity?: A
}

/** Types a definition's functions by its schema and its arity; the table then holds all definitions as one type. */
export function defineLayer<const S extends TObject, const A extends Arity = OneInput>(
  stated: StatedLayer<S, A>,
): LayerDef {
  return erase({ arity: { least: 1, most: 1 }, ...stated })
}
