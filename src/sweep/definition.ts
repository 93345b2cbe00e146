/** The section `sweep` after it was read: what varies, and which trials are kept. */
import type { Placed } from '../compose/origins.ts'
import type { Origin } from '../compose/origins.ts'
import type { Expression } from '../compose/expressions/readExpression.ts'
import type { Objective, Stopping } from './trial.ts'

/** A path of the spec that the sweep varies. */
export interface Parameter {
  /** As it is written: `vars.width`. */
  readonly path: string
  readonly keys: readonly string[]
  /** Where the path is written. */
  readonly origin: Origin
}

/** A parameter with the values that trials choose from. */
export interface Choices {
  readonly parameter: Parameter
  readonly values: readonly Placed[]
}

/** Values of several parameters that belong together. */
export type Case = readonly { readonly parameter: Parameter; readonly value: Placed }[]

export type SpaceKind = 'uniform' | 'logUniform' | 'int' | 'logInt'

/** Where a parameter is drawn from: between two bounds, both included, or from a list. */
export type Space =
  | { readonly kind: SpaceKind; readonly from: number; readonly to: number; readonly origin: Origin }
  | { readonly kind: 'choice'; readonly values: readonly Placed[] }

export interface Sample {
  readonly count: number
  readonly seed: number
  readonly method: 'random' | 'sobol'
  readonly spaces: readonly { readonly parameter: Parameter; readonly space: Space }[]
}

/** The condition `where`, which a trial must fulfil. */
export interface Condition {
  /** The text between the parentheses. */
  readonly text: string
  readonly expression: Expression
  readonly origin: Origin
}

export interface SweepDefinition {
  readonly cases: readonly Case[]
  /** Lists of equal length. */
  readonly zip: readonly Choices[]
  readonly grid: readonly Choices[]
  readonly sample?: Sample
  readonly where?: Condition
  readonly objective?: Objective & { readonly origin: Origin }
  readonly stopping?: Stopping & { readonly origin: Origin }
  readonly origin: Origin
  /** The number of trials. */
  readonly count: number
}
