/** The types of what the page of the studio and its server say to each other: calls over HTTP, and the course of training over a WebSocket. */
import type { FolderEntry } from '../system/host.ts'
import type { Comparison } from '../report/diff/compareModels.ts'
import type { EpochRecord, RunRecord } from '../report/run/runRecord.ts'
import type { RunRow } from '../report/run/runsTable.ts'
import type { SweepSummary } from '../report/sweep/sweepSummary.ts'
import type { Inspection, Picture } from '../tasks/inspect/inspection.ts'
import type { ExplainedPrediction } from '../tasks/predict/explainPrediction.ts'
import type { EpochLogs, TrainingPlan } from '../tasks/train/trainRun.ts'
import type { CompiledScript, SpecEntry } from './protocol.ts'

/** The calls that the server answers, by name. Each is a POST to `api/NAME` with its question as JSON; the reply is JSON. */
export interface StudioCalls {
  /** Lists the specs of the folder. */
  readonly folder: Call<object, FolderView>
  readonly readSpec: Call<{ readonly path: string }, SpecText>
  /** Writes a spec if its file is still at `version`; null is the version of a file that does not exist yet. */
  readonly writeSpec: Call<{ readonly path: string; readonly text: string; readonly version: string | null }, SpecText>
  /** The size of a file of the folder; null if it is missing. */
  readonly fileSize: Call<FileQuestion, { readonly size: number | null }>
  /** The entries of a folder in the folder; null if it is missing. */
  readonly listFiles: Call<FileQuestion, { readonly entries: readonly FolderEntry[] | null }>
  /** Reads a part of a file of the folder, in base64. */
  readonly readFile: Call<
    FileQuestion & { readonly start: number; readonly length: number },
    { readonly bytes: string }
  >
  readonly compile: Call<CompileQuestion, CompiledScript>
  /** Starts training, or resumes a run. */
  readonly train: Call<TrainingQuestion, object>
  /** Holds training at the current step. The process keeps its memory. */
  readonly pause: Call<object, object>
  /** Continues a paused training. */
  readonly proceed: Call<object, object>
  /** Stops training after the current step, and saves the run. */
  readonly stop: Call<object, object>
  readonly data: Call<DataQuestion, DataView>
  /** Lists the runs and sweeps of the folder. */
  readonly runs: Call<object, RunList>
  readonly run: Call<{ readonly folder: string }, RunView>
  readonly sweep: Call<{ readonly folder: string }, SweepView>
  /** Compares two specs or runs, by their paths. */
  readonly diff: Call<{ readonly before: string; readonly after: string }, Comparison>
  readonly predict: Call<PredictionQuestion, ExplainedPrediction>
}

export interface Call<Question, Reply> {
  readonly question: Question
  readonly reply: Reply
}

/** The reply to a call that failed: a text for the user, and how to fix the problem. */
export interface Problem {
  readonly message: string
  readonly help: string
}

export interface FolderView {
  /** The name of the folder. */
  readonly name: string
  readonly specs: readonly SpecEntry[]
}

export interface SpecText {
  readonly path: string
  readonly text: string
  /** Changes whenever the file does. */
  readonly version: string
}

/** A place in the folder. Paths are relative to it. */
export interface FileQuestion {
  readonly path: string
}

export interface CompileQuestion {
  readonly path: string
  /** The text of the editor, which may not be saved. */
  readonly text: string
  /** A name of `compileTargets`. */
  readonly target: string
}

export interface TrainingQuestion {
  /** The spec to train. */
  readonly spec: string
  /** The run to resume. */
  readonly resume?: string
  readonly epochs?: number
  readonly engine?: string
}

export type TrainingStatus =
  'idle' | 'starting' | 'training' | 'paused' | 'evaluating' | 'stopping' | 'finished' | 'stopped' | 'failed'

/** The course of one training, which `applyTrainingEvent` derives from its events. */
export interface TrainingState {
  readonly status: TrainingStatus
  readonly spec?: string
  /** The run folder, relative to the folder of the studio. */
  readonly run?: string
  readonly engine?: string
  readonly plan?: TrainingPlan
  readonly progress?: TrainingProgress
  /** The losses and accuracies of the steps so far, the oldest thinned out. */
  readonly points: readonly TrainingPoint[]
  readonly epochs: readonly EpochLogs[]
  readonly confusion?: EpochConfusion
  readonly test?: Readonly<Record<string, number>>
  readonly notes: readonly string[]
  readonly problem?: Problem
}

export interface TrainingProgress {
  /** From 1. */
  readonly epoch: number
  /** The completed steps of this epoch. */
  readonly step: number
  readonly steps: number
  /** The loss and metrics over this epoch so far. */
  readonly logs: Readonly<Record<string, number>>
  readonly imagesPerSecond: number
  /** The time until the end of this epoch. */
  readonly secondsLeft: number
}

/** The loss and the accuracy of the steps since the previous point. */
export interface TrainingPoint {
  /** The position in epochs: 1.5 is the middle of the second epoch. */
  readonly at: number
  readonly values: Readonly<Record<string, number>>
}

export interface EpochConfusion {
  readonly epoch: number
  readonly split: 'validation' | 'test'
  readonly samples: number
  readonly classNames: readonly string[]
  /** A row for each true class, a column for each predicted class. */
  readonly matrix: readonly (readonly number[])[]
}

export type TrainingEvent =
  | { readonly kind: 'started'; readonly spec: string }
  | { readonly kind: 'engine'; readonly name: string }
  | { readonly kind: 'run'; readonly folder: string }
  | { readonly kind: 'plan'; readonly plan: TrainingPlan }
  | ({ readonly kind: 'progress'; readonly point?: TrainingPoint } & TrainingProgress)
  | { readonly kind: 'epoch'; readonly logs: EpochLogs }
  | ({ readonly kind: 'confusion' } & EpochConfusion)
  | { readonly kind: 'paused' | 'proceeded' | 'stopping' | 'evaluating' }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'test'; readonly logs: Readonly<Record<string, number>> }
  | { readonly kind: 'ended'; readonly status: 'finished' | 'stopped' | 'failed'; readonly problem?: Problem }

/** A message of the server on the WebSocket: the whole state to a page that connects, then each event. */
export type ServerMessage =
  | { readonly kind: 'state'; readonly state: TrainingState }
  | { readonly kind: 'event'; readonly event: TrainingEvent }
  /** Specs of the folder were written, added or removed. */
  | { readonly kind: 'folder' }

export type SplitName = 'train' | 'validation' | 'test'

export interface DataQuestion {
  /** The spec whose dataset is shown. */
  readonly spec: string
  readonly split: SplitName
  /** The number of images. */
  readonly view: number
  readonly augmented: boolean
}

export interface DataView {
  readonly sampleShape: readonly number[]
  readonly classNames: readonly string[]
  readonly splits: readonly {
    readonly name: SplitName
    readonly count: number
    /** Empty if labels are values. */
    readonly perClass: readonly number[]
  }[]
  readonly stats: { readonly mean: readonly number[]; readonly std: readonly number[]; readonly samples: number }
  /** Whether the spec has augmentations. */
  readonly canAugment: boolean
  readonly pictures: readonly LabelledImage[]
  /** Why there are no pictures. */
  readonly noPictures?: string
}

export interface LabelledImage extends Picture {
  readonly label: string
}

export interface RunList {
  readonly rows: readonly RunRow[]
  /** The runs that cannot be read. */
  readonly damaged: readonly Problem[]
  /** A warning about the comparison, such as a choice by test results. */
  readonly warning?: Problem
}

/** A run with its history and inspection; the text of its spec is in `specText`. */
export interface RunView extends Pick<RunRecord, 'folder' | 'name' | 'specText' | 'environment' | 'test' | 'hasModel'> {
  readonly history: readonly EpochRecord[]
  readonly inspection?: Inspection
  readonly sampleShape?: readonly number[]
  readonly classNames?: readonly string[]
  /** The file of the spec, relative to the folder, if it is in it. */
  readonly spec?: string
}

export interface SweepView extends Omit<SweepSummary, 'specText'> {
  /** Whether the page of the sweep was written. */
  readonly hasReport: boolean
}

export interface PredictionQuestion {
  readonly run: string
  /** The bytes of a PNG, JPEG or other image file, in base64. */
  readonly image: string
  /** Whether colours are inverted: for dark ink on white if the network was trained on light ink. */
  readonly invert: boolean
}
