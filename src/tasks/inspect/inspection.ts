/** The inspection of a trained network: plain data, which a run folder keeps as `inspection.json`. */
import type { ClassScores, ConfusionMatrix } from './classScores.ts'

export interface Inspection {
  readonly version: 1
  /** The number of test samples. */
  readonly samples: number
  /** An entry for each output that can be inspected, in the order of the network. */
  readonly outputs: readonly OutputInspection[]
  readonly filters?: FilterInspection
}

export type OutputInspection = ClassInspection | ValueInspection

/** An output that predicts classes. */
export interface ClassInspection {
  readonly kind: 'classes'
  readonly output: string
  readonly classNames: readonly string[]
  readonly accuracy: number
  readonly confusion: ConfusionMatrix
  /** In the order of the classes. */
  readonly scores: readonly ClassScores[]
  readonly average: ClassScores
  /** Whether confidences are probabilities; otherwise they are the plain outputs. */
  readonly isProbability: boolean
  readonly mistakes: readonly Mistake[]
}

/** A test sample that a finding is about. */
export interface ReportedSample {
  /** Its index among the test samples, from 0. */
  readonly index: number
  /** Its file, and its line or number in the file, if the dataset consists of the user's files. */
  readonly origin?: SampleOrigin
}

export interface SampleOrigin {
  readonly file: string
  readonly line?: number
  readonly number?: number
}

/** A sample with a wrong predicted class; the most confident mistakes come first. */
export interface Mistake extends ReportedSample {
  readonly truth: number
  readonly named: number
  readonly confidence: number
  /** The confidence in the true class. */
  readonly truthConfidence: number
  readonly picture?: Picture
}

/** An output that predicts values. */
export interface ValueInspection {
  readonly kind: 'values'
  readonly output: string
  readonly meanAbsoluteError: number
  readonly rootMeanSquaredError: number
  /** Null if all targets are equal. */
  readonly r2: number | null
  /** The targets and predictions of up to 500 evenly spaced samples, for an output with one unit. */
  readonly points: readonly (readonly [target: number, prediction: number])[]
  /** The samples whose predictions are furthest from their targets, for an output with one unit. */
  readonly worst?: readonly Miss[]
}

export interface Miss extends ReportedSample {
  readonly target: number
  readonly prediction: number
}

export interface Picture {
  readonly width: number
  readonly height: number
  /** `data:image/png;base64,…` */
  readonly url: string
}

/** The weights of the first layer with a kernel, as pictures. */
export interface FilterInspection {
  readonly layer: string
  readonly type: string
  /** The number of filters, of which only the first may be drawn. */
  readonly count: number
  /** How weights are coloured: as red, green and blue, or by sign. */
  readonly colours: 'rgb' | 'sign'
  readonly pictures: readonly Picture[]
}
