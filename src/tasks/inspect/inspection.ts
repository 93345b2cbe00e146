/** What is looked at of a trained network beside its logs: plain data, which a run folder keeps as `inspection.json`. */
import type { ClassScores, ConfusionMatrix } from './classScores.ts'

export interface Inspection {
  readonly version: 1
  /** Which samples it is about. */
  readonly samples: number
  /** One for each output that can be judged, in the order of the network. */
  readonly outputs: readonly OutputInspection[]
  readonly filters?: FilterInspection
}

export type OutputInspection = ClassInspection | ValueInspection

/** An output that names one of the classes. */
export interface ClassInspection {
  readonly kind: 'classes'
  readonly output: string
  readonly classNames: readonly string[]
  readonly accuracy: number
  readonly confusion: ConfusionMatrix
  /** In the order of the classes. */
  readonly scores: readonly ClassScores[]
  readonly average: ClassScores
  /** Whether confidences are probabilities; else they are what the output gives. */
  readonly isProbability: boolean
  readonly mistakes: readonly Mistake[]
}

/** A test sample that something is said of. */
export interface JudgedSample {
  /** Its number among the test samples, from 0. */
  readonly index: number
  /** Its file, and its line or number in it, if the dataset has files of the user's. */
  readonly origin?: SampleOrigin
}

export interface SampleOrigin {
  readonly file: string
  readonly line?: number
  readonly number?: number
}

/** A sample that was given a class that it has not; the surest come first. */
export interface Mistake extends JudgedSample {
  readonly truth: number
  readonly named: number
  readonly confidence: number
  /** That in the class that it has. */
  readonly truthConfidence: number
  readonly picture?: Picture
}

/** An output of values. */
export interface ValueInspection {
  readonly kind: 'values'
  readonly output: string
  readonly meanAbsoluteError: number
  readonly rootMeanSquaredError: number
  /** Null where all targets are the same. */
  readonly r2: number | null
  /** Of an output with one unit, targets and predictions of up to 500 samples, evenly chosen. */
  readonly points: readonly (readonly [target: number, prediction: number])[]
  /** The samples whose predictions are furthest from their targets, for an output with one unit. */
  readonly worst?: readonly Miss[]
}

export interface Miss extends JudgedSample {
  readonly target: number
  readonly prediction: number
}

export interface Picture {
  readonly width: number
  readonly height: number
  /** `data:image/png;base64,…` */
  readonly url: string
}

/** The weights that see the samples first, as pictures. */
export interface FilterInspection {
  readonly layer: string
  readonly type: string
  /** How many there are; not all may be pictured. */
  readonly count: number
  /** How weights are coloured: as the colours that they weigh, or by sign. */
  readonly colours: 'rgb' | 'sign'
  readonly pictures: readonly Picture[]
}
