/** Loads datasets and networks in a child process, so that the server stays responsive and its memory small. */
import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { KnownError } from '../../system/knownError.ts'
import { findModule } from '../../system/moduleThread.ts'
import type { ExplainedPrediction } from '../../tasks/predict/explainPrediction.ts'
import type { CompileQuestion, DataQuestion, DataView, PredictionQuestion, Problem } from '../calls.ts'
import type { CompiledScript } from '../protocol.ts'

/** The questions that the helper answers, by kind. Paths are relative to the folder, in which the helper runs. */
export interface HelperQuestions {
  readonly data: { readonly question: DataQuestion; readonly reply: DataView }
  readonly compile: { readonly question: CompileQuestion; readonly reply: CompiledScript }
  readonly predict: { readonly question: PredictionQuestion; readonly reply: ExplainedPrediction }
}

export type HelperQuestion = {
  readonly [Kind in keyof HelperQuestions]: {
    readonly kind: Kind
    readonly question: HelperQuestions[Kind]['question']
  }
}[keyof HelperQuestions]

export type HelperRequest = HelperQuestion & { readonly id: number }

export type HelperReply =
  { readonly id: number; readonly reply: unknown } | { readonly id: number; readonly problem: Problem }

/** From dist/chunks/ or dist/cli/, into which this file is bundled, and from the source, whose tests use the built helper. */
const places = ['../studioHelper/serveHelper.js', '../../../dist/studioHelper/serveHelper.js']

export class HelperProcess {
  readonly #folder: string
  readonly #waiting = new Map<number, { done: (reply: unknown) => void; fail: (error: Error) => void }>()
  #child: ChildProcess | undefined
  #last = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  /** @throws KnownError if the helper cannot answer. */
  async ask<Kind extends keyof HelperQuestions>(
    kind: Kind,
    question: HelperQuestions[Kind]['question'],
  ): Promise<HelperQuestions[Kind]['reply']> {
    const child = (this.#child ??= this.#start())
    const id = ++this.#last
    const reply = new Promise((done, fail) => this.#waiting.set(id, { done, fail }))
    child.send({ id, kind, question }, (error) => error && this.#fail(error.message))
    return (await reply) as HelperQuestions[Kind]['reply']
  }

  #start(): ChildProcess {
    const helper = findModule(places.map((place) => new URL(place, import.meta.url)))
    const child = fork(fileURLToPath(helper), [], {
      cwd: this.#folder,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
      detached: true,
    })
    let output = ''
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-4000)))
    child.on('message', (message) => this.#settle(message as HelperReply))
    child.once('error', (error) => this.#fail(error.message))
    child.once('close', () => this.#fail(output.trim() || 'it was ended'))
    return child
  }

  #settle(message: HelperReply): void {
    const waiter = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if ('reply' in message) waiter?.done(message.reply)
    else waiter?.fail(new KnownError('usage', message.problem.message, message.problem.help))
  }

  /** Fails all questions. The next one starts a new process. */
  #fail(reason: string): void {
    this.#child = undefined
    for (const { fail } of this.#waiting.values())
      fail(new KnownError('system', `The process that reads data and networks failed: ${reason}`, 'Try again.'))
    this.#waiting.clear()
  }

  close(): void {
    this.#child?.removeAllListeners()
    this.#child?.kill()
    this.#child = undefined
  }
}
