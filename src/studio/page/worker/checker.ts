/** Asks the worker that checks specs. A worker that takes too long is ended and started again, so that no spec can block the page. */
import type { FileSource } from '../../../system/prepareHost.ts'
import type { FileRequest, FromWorker, Kind, Questions, ToWorker } from './messages.ts'

/** In milliseconds. ResNet-50 takes about 10. */
const deadline = 15_000

interface Waiting {
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: Error) => void
  readonly timer: ReturnType<typeof setTimeout>
}

export class Checker {
  private readonly files: FileSource
  private worker: Worker | undefined
  private readonly waiting = new Map<number, Waiting>()
  private last = 0

  constructor(files: FileSource) {
    this.files = files
    this.worker = this.start()
  }

  ask<K extends Kind>(kind: K, question: Questions[K]['question']): Promise<Questions[K]['answer']> {
    const id = ++this.last
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.end('the check took too long'), deadline)
      this.waiting.set(id, { resolve: resolve as Waiting['resolve'], reject, timer })
      this.send({ id, kind, question })
    })
  }

  private start(): Worker {
    const worker = new Worker(new URL('check.js', document.baseURI), { type: 'module' })
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      if ('fileId' in data) void this.readFile(data)
      else this.settle(data)
    })
    worker.addEventListener('error', ({ message }) => this.end(message || 'the checker could not be loaded'))
    return worker
  }

  private send(message: ToWorker): void {
    this.worker ??= this.start()
    this.worker.postMessage(message)
  }

  private settle(message: Exclude<FromWorker, FileRequest>): void {
    const waiting = this.waiting.get(message.id)
    if (waiting === undefined) return
    clearTimeout(waiting.timer)
    this.waiting.delete(message.id)
    if ('error' in message) waiting.reject(new Error(message.error))
    else waiting.resolve(message.answer)
  }

  /** Ends the worker; the next question starts another one. */
  private end(reason: string): void {
    this.worker?.terminate()
    this.worker = undefined
    for (const { timer, reject } of this.waiting.values()) {
      clearTimeout(timer)
      reject(new Error(reason))
    }
    this.waiting.clear()
  }

  private async readFile({ fileId, read, path, start, length }: FileRequest): Promise<void> {
    try {
      const value = await (read === 'read' ? this.files.read(path, start, length) : this.files[read](path))
      this.send({ fileId, value })
    } catch (error) {
      this.send({ fileId, error: error instanceof Error ? error.message : String(error) })
    }
  }
}
