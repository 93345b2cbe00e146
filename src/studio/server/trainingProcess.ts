/** Trains in a child process, one at a time: `shapewright train` with a channel by which it reports and obeys. */
import { spawn, type ChildProcess } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { exitCodes } from '../../system/exitCodes.ts'
import { KnownError } from '../../system/knownError.ts'
import { quoteForShell } from '../../system/quoteForShell.ts'
import type { Problem, TrainingEvent, TrainingQuestion, TrainingState } from '../calls.ts'
import { acceptsEvent, applyTrainingEvent, idleState } from '../trainingState.ts'
import { channelSetting, type TrainingOrder } from './trainingChannel.ts'

/** The end of the error output that is kept. */
const mostOutput = 20_000

export class TrainingProcess {
  readonly #program: readonly string[]
  readonly #folder: string
  readonly #nameOf: (folder: string) => string | undefined
  readonly #onEvent: (event: TrainingEvent) => void
  #child: ChildProcess | undefined
  #state: TrainingState = idleState

  /**
   * @param program Starts shapewright: `['node', '…/bin.cjs']`.
   * @param folder The folder in which it trains.
   * @param nameOf Returns the path of a run folder relative to that folder.
   */
  constructor(
    program: readonly string[],
    folder: string,
    nameOf: (folder: string) => string | undefined,
    onEvent: (event: TrainingEvent) => void,
  ) {
    this.#program = program
    this.#folder = folder
    this.#nameOf = nameOf
    this.#onEvent = onEvent
  }

  get state(): TrainingState {
    return this.#state
  }

  /** @throws KnownError if a training is running. */
  start(question: TrainingQuestion): void {
    if (this.#child)
      throw new KnownError('usage', `${this.#state.spec} is being trained`, 'stop that training first, or wait for it')
    const [node = '', ...args] = [...this.#program, ...argumentsOf(question)]
    this.#apply({ kind: 'started', spec: question.spec })
    // A group of its own: Ctrl-C in the terminal reaches only the server, which stops the training and waits until it is saved.
    const child = spawn(node, args, {
      cwd: this.#folder,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      detached: true,
      env: { ...process.env, NO_COLOR: '1', [channelSetting.name]: channelSetting.value },
    })
    this.#child = child
    let output = ''
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-mostOutput)))
    child.on('message', (event) => this.#apply(this.#withName(event as TrainingEvent)))
    child.once('error', (error) => this.#end({ message: error.message, help: 'Check that Node.js can be started.' }))
    child.once('close', (code, signal) => {
      if (code === exitCodes.fine) this.#end()
      else if (code === exitCodes.interrupted) this.#end('stopped')
      else this.#end(problemOf(output, code, signal, question))
    })
  }

  /** @throws KnownError if nothing is trained. */
  order(order: TrainingOrder): void {
    const child = this.#child
    if (!child) throw new KnownError('usage', 'no training is running', 'start one first')
    if (child.connected) child.send(order, () => undefined)
    if (order !== 'stop') return
    this.#apply({ kind: 'stopping' })
    // Before the channel is open in the child, an order is not heard, but then there is nothing to save either.
    if (this.#state.plan === undefined) child.kill('SIGINT')
  }

  /** Stops the training, and waits until its run is saved. */
  async close(): Promise<void> {
    const child = this.#child
    if (!child) return
    const ended = new Promise((done) => child.once('close', done))
    this.order('stop')
    await ended
  }

  #end(how?: Problem | 'stopped'): void {
    if (!this.#child) return
    this.#child = undefined
    if (how === undefined) this.#apply({ kind: 'ended', status: 'finished' })
    else if (how === 'stopped') this.#apply({ kind: 'ended', status: 'stopped' })
    else if (this.#state.status === 'stopping' && this.#state.plan === undefined)
      this.#apply({ kind: 'ended', status: 'stopped' })
    else this.#apply({ kind: 'ended', status: 'failed', problem: how })
  }

  /** Names the run folder as the page does. */
  #withName(event: TrainingEvent): TrainingEvent {
    return event.kind === 'run' ? { ...event, folder: this.#nameOf(event.folder) ?? event.folder } : event
  }

  #apply(event: TrainingEvent): void {
    if (!acceptsEvent(this.#state, event)) return
    this.#state = applyTrainingEvent(this.#state, event)
    this.#onEvent(event)
  }
}

/** Values that begin with `-` are never taken for options, because each option is joined to its value. */
function argumentsOf({ spec, resume, epochs, engine }: TrainingQuestion): string[] {
  return [
    'train',
    ...(resume === undefined ? [] : [`--resume=./${resume}`]),
    ...(epochs === undefined ? [] : [`--epochs=${epochs}`]),
    ...(engine === undefined ? [] : [`--backend=${engine}`]),
    '--quiet',
    '--',
    `./${spec}`,
  ]
}

/** The error that the command printed: its message, and its help. */
function problemOf(
  output: string,
  code: number | null,
  signal: NodeJS.Signals | null,
  { spec }: TrainingQuestion,
): Problem {
  const text = stripVTControlCharacters(output).trim()
  const parts = /^error: (.*)\nhelp: (.*)$/ms.exec(text)
  if (parts) return { message: parts[1]!, help: parts[2]! }
  const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`
  const help = `Run \`shapewright train ${quoteForShell(spec)}\` in a terminal to see its output.`
  return {
    message: text === '' ? `The training ${how}.` : text,
    help: code === exitCodes.problems ? 'Fix the spec.' : help,
  }
}
