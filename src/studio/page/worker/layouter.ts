/** Asks the worker for layouts, one at a time: while it works, only the newest drawing waits. */
import type { Layout, LayoutRequest } from '../network/layoutMessages.ts'

export type LayoutQuestion = Omit<LayoutRequest, 'id'>

export class Layouter {
  private readonly worker = new Worker(new URL('layout.js', document.baseURI), { type: 'module' })
  private last = 0
  private isBusy = false
  private waiting: { readonly question: LayoutQuestion; readonly done: (layout: Layout) => void } | undefined

  /** @param done Called with the layout, unless a newer question replaces this one. */
  ask(question: LayoutQuestion, done: (layout: Layout) => void): void {
    if (this.isBusy) {
      this.waiting = { question, done }
      return
    }
    this.isBusy = true
    this.worker.addEventListener('message', ({ data }: MessageEvent<Layout>) => this.finish(data, done), { once: true })
    this.worker.postMessage({ id: ++this.last, ...question } satisfies LayoutRequest)
  }

  stop(): void {
    this.worker.terminate()
  }

  private finish(layout: Layout, done: (layout: Layout) => void): void {
    this.isBusy = false
    const next = this.waiting
    this.waiting = undefined
    if (next === undefined) done(layout)
    else this.ask(next.question, next.done)
  }
}
