/** What the static page and its workers say to each other. Types only. */
import type { Problem, StudioCalls, TrainingQuestion } from '../calls.ts'
import type { TrainingOrder } from '../server/trainingChannel.ts'

/** A spec as it is in the editor: the static page saves none. */
export interface EditedSpec {
  readonly path: string
  readonly text: string
}

/** The first message to the worker that trains is the question; orders follow. It answers with events. */
export type ToTrainer =
  { readonly question: TrainingQuestion; readonly spec: EditedSpec } | { readonly order: TrainingOrder }

/** A question to the worker that answers calls. */
export interface PageCall {
  readonly id: number
  readonly name: keyof StudioCalls
  readonly question: object
  readonly spec?: EditedSpec
}

export type PageReply =
  { readonly id: number; readonly reply: unknown } | { readonly id: number; readonly problem: Problem }
