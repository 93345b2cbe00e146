/**
 * Reads HDF5 files that others wrote, in a thread of their own: on some damaged files the HDF5 library never returns, and
 * only a thread can be ended then. The calls wait for their answers, so that readers of networks need not be asynchronous.
 */
import { once } from 'node:events'
import { MessageChannel, type MessagePort, receiveMessageOnPort, type Worker } from 'node:worker_threads'
import { findModule, startModuleThread } from '../../../system/moduleThread.ts'
import { unreadableModel } from '../importError.ts'
import type { Hdf5Reader } from './hdf5Reader.ts'
import type { StoredArray } from './storedArray.ts'

/** What the thread answers. */
type Calls = Pick<Hdf5Reader, 'attribute' | 'names' | 'shape' | 'values' | 'close'> & { open(bytes: Uint8Array): void }
type CallTo<Name extends keyof Calls> = { readonly name: Name; readonly given: Parameters<Calls[Name]> }
export type Hdf5Call = { [Name in keyof Calls]: CallTo<Name> }[keyof Calls]

/** The value, what is wrong with the file, or the stack of any other error. */
export type Hdf5Answer =
  { readonly value: unknown } | { readonly damage: string; readonly cause: string } | { readonly bug: string }

export interface Hdf5ThreadData {
  readonly port: MessagePort
  /** The number of answers so far, which changes after an answer is sent. */
  readonly answered: Int32Array
}

interface Thread {
  readonly worker: Worker
  readonly port: MessagePort
  readonly answered: Int32Array
}

/** Beside this file in the repository; in the published package, this file is bundled into dist/chunks/ or dist/cli/. */
const places = ['./hdf5Thread.ts', '../tasks/import/keras/hdf5Thread.js']
/** In seconds. */
const longestWait = 0.2
/** A thread that has no file open. It does not keep the process alive. */
let idle: Thread | undefined

export class Hdf5File {
  private readonly file: string
  private readonly seconds: number
  private secondsLeft: number
  /** Undefined once it has ended. */
  private thread: Thread | undefined

  /**
   * @param file Its path, for messages.
   * @param seconds What all calls may take together.
   * @throws KnownError if the bytes are not HDF5. So do all methods if a part of the file is damaged or takes too long.
   */
  static async open(bytes: Uint8Array, file: string, seconds = secondsFor(bytes.length)): Promise<Hdf5File> {
    const waiting = idle
    idle = undefined
    const opened = new Hdf5File(waiting ?? (await startThread()), file, seconds)
    try {
      opened.ask('open', bytes)
    } catch (error) {
      opened.close()
      throw error
    }
    return opened
  }

  private constructor(thread: Thread, file: string, seconds: number) {
    this.thread = thread
    this.file = file
    this.seconds = seconds
    this.secondsLeft = seconds
  }

  close(): void {
    try {
      if (this.thread) this.ask('close')
    } catch {
      // All that was read is valid, and the next file gets another thread.
      this.endThread()
    }
    if (idle === undefined) idle = this.thread
    else this.endThread()
    this.thread = undefined
  }

  /** A text, or a list of texts, that an object of the file has; undefined if it has none of this name. */
  attribute(path: string, name: string): string | readonly string[] | undefined {
    return this.ask('attribute', path, name)
  }

  /** The attribute as a list. Keras splits long lists into `name0`, `name1` and so on. */
  listAttribute(path: string, name: string): readonly string[] | undefined {
    const whole = this.attribute(path, name)
    if (whole !== undefined) return [whole].flat()
    const parts: string[] = []
    for (let part = 0; ; part += 1) {
      const found = this.attribute(path, `${name}${part}`)
      if (found === undefined) return part === 0 ? undefined : parts
      parts.push(...[found].flat())
    }
  }

  /** The names in a group; empty if there is no such group. */
  names(path: string): readonly string[] {
    return this.ask('names', path)
  }

  /** An array, whose values are not read yet; undefined if the path does not lead to one. */
  array(path: string): StoredArray | undefined {
    const shape = this.ask('shape', path)
    return shape && { name: path, shape, read: () => this.ask('values', path) }
  }

  private ask<Name extends keyof Calls>(name: Name, ...given: Parameters<Calls[Name]>): ReturnType<Calls[Name]> {
    if (this.thread === undefined) throw this.tooSlow()
    const { port, answered } = this.thread
    const before = Atomics.load(answered, 0)
    port.postMessage({ name, given } satisfies CallTo<Name>)
    // In short waits, since the process may be stopped for any time during one of them, which then counts no more than another.
    while (this.secondsLeft > 0 && Atomics.load(answered, 0) === before) {
      const [start, most] = [performance.now(), Math.min(longestWait, this.secondsLeft)]
      Atomics.wait(answered, 0, before, 1000 * most)
      this.secondsLeft -= Math.min(longestWait, (performance.now() - start) / 1000)
    }
    const answer = receiveMessageOnPort(port)?.message as Hdf5Answer | undefined
    if (answer === undefined) {
      this.endThread()
      throw this.tooSlow()
    }
    if ('bug' in answer) throw new Error(`reading ${this.file} failed: ${answer.bug}`)
    if ('damage' in answer) {
      throw unreadableModel(`${this.file} is damaged: ${answer.damage}.`, saveAgain, answer.cause)
    }
    return answer.value as ReturnType<Calls[Name]>
  }

  private endThread(): void {
    void this.thread?.worker.terminate()
    this.thread = undefined
  }

  private tooSlow() {
    const seconds = Number(this.seconds.toPrecision(2))
    return unreadableModel(
      `${this.file} could not be read as HDF5 within ${seconds} s, so it is damaged or too large.`,
      saveAgain,
    )
  }
}

const saveAgain = 'Save the model again, or copy the file again.'

/** Many times what sound files take, which is far below 0.1 s for 10 MB. */
function secondsFor(bytes: number): number {
  return 8 + bytes / 10e6
}

async function startThread(): Promise<Thread> {
  const { port1: port, port2 } = new MessageChannel()
  const answered = new Int32Array(new SharedArrayBuffer(4))
  const data: Hdf5ThreadData = { port: port2, answered }
  const entry = findModule(places.map((place) => new URL(place, import.meta.url)))
  const worker = startModuleThread(entry, data, [port2])
  await once(worker, 'message')
  // A thread that fails later does not answer, which is noticed then.
  worker.on('error', () => undefined)
  worker.on('exit', () => {
    if (idle?.worker === worker) idle = undefined
  })
  worker.unref()
  return { worker, port, answered }
}
