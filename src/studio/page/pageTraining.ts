/** Training in a worker of the static page, which ends with the training. Its course is kept for when the page is loaded again. */
import type { ServerMessage, TrainingEvent, TrainingQuestion, TrainingState } from '../calls.ts'
import type { TrainingOrder } from '../server/trainingChannel.ts'
import { addStored, readStored } from '../static/fileStore.ts'
import type { ToTrainer } from '../static/messages.ts'
import { acceptsEvent, applyTrainingEvent, idleState, isActive } from '../trainingState.ts'

/** Where the course of the last training is kept. */
const place = 'training.json'

export class PageTraining {
  readonly #watchers: ((message: ServerMessage) => void)[] = []
  readonly #restored: Promise<void>
  #worker: Worker | undefined
  #state: TrainingState = idleState

  constructor() {
    this.#restored = this.#restore().catch(() => undefined)
    addEventListener('beforeunload', (event) => {
      if (isActive(this.#state)) event.preventDefault()
    })
  }

  async watch(onMessage: (message: ServerMessage) => void): Promise<void> {
    await this.#restored
    this.#watchers.push(onMessage)
    onMessage({ kind: 'state', state: this.#state })
  }

  /** @throws Error if a training is running. */
  start(question: TrainingQuestion, text: string): void {
    if (this.#worker) throw new Error(`${this.#state.spec} is being trained: stop that training first.`)
    this.#apply({ kind: 'started', spec: question.spec })
    const worker = new Worker(new URL('static/train.js', document.baseURI), { type: 'module' })
    worker.addEventListener('message', ({ data }: MessageEvent<TrainingEvent>) => this.#apply(data))
    worker.addEventListener('error', ({ message }) => {
      const problem = { message: message || 'The trainer could not be loaded.', help: 'Reload the page.' }
      this.#apply({ kind: 'ended', status: 'failed', problem })
    })
    this.#worker = worker
    this.#send({ question, spec: { path: question.spec, text } })
  }

  order(order: TrainingOrder): void {
    this.#send({ order })
    if (order !== 'stop') return
    this.#apply({ kind: 'stopping' })
    // Before the first step there is nothing to save.
    if (this.#state.plan === undefined) this.#apply({ kind: 'ended', status: 'stopped' })
  }

  #send(message: ToTrainer): void {
    this.#worker?.postMessage(message)
  }

  #apply(event: TrainingEvent): void {
    if (!acceptsEvent(this.#state, event)) return
    this.#state = applyTrainingEvent(this.#state, event)
    if (event.kind === 'ended') {
      this.#worker?.terminate()
      this.#worker = undefined
    }
    if (event.kind === 'epoch' || event.kind === 'ended') void this.#keep().catch(() => undefined)
    for (const watch of this.#watchers) watch({ kind: 'event', event })
  }

  async #keep(): Promise<void> {
    const bytes = new TextEncoder().encode(JSON.stringify(this.#state))
    await addStored(new Map([[place, { bytes, modified: Date.now() }]]))
  }

  /** Shows the last training. One that ran when the page was closed has the epochs that were complete. */
  async #restore(): Promise<void> {
    const kept = (await readStored(place)).get(place)
    if (kept === undefined || this.#worker) return
    const state = JSON.parse(new TextDecoder().decode(kept.bytes)) as TrainingState
    const note = 'The page was closed during this training. Resume it to continue after the last complete epoch.'
    this.#state = isActive(state) ? { ...state, status: 'stopped', notes: [...state.notes, note] } : state
  }
}
