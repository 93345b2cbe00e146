/** A studio for tests: a server in this process, for a temporary folder, and calls as its page makes them. */
import { request as startRequest } from 'node:http'
import type { ServerMessage, StudioCalls, TrainingEvent, TrainingState } from '../../src/studio/calls.ts'
import { startStudio, type StudioServer } from '../../src/studio/server/studioServer.ts'
import { applyTrainingEvent, idleState } from '../../src/studio/trainingState.ts'
import { bin } from '../cli/runCli.ts'
import { WebSocket } from 'ws'

/** @param pages The folder of the page. */
export async function openStudio(folder: string, pages: string): Promise<StudioServer> {
  return await startStudio({
    folder,
    pages,
    program: [process.execPath, bin],
    port: 0,
    onBug: (error) => {
      throw error
    },
  })
}

export interface RawReply {
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** Sends a request with exactly these headers, also those that `fetch` does not allow. */
export function send(
  url: string,
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<RawReply> {
  const { hostname, port } = new URL(url)
  return new Promise((done, fail) => {
    const request = startRequest({ hostname, port, path, method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => done({ status: response.statusCode!, text, headers: response.headers }))
    })
    request.on('error', fail)
    request.end(body)
  })
}

/** Calls the server as the page does. Throws the message of a refused call. */
export async function call<Name extends keyof StudioCalls>(
  url: string,
  name: Name,
  question: StudioCalls[Name]['question'],
): Promise<StudioCalls[Name]['reply']> {
  const reply = await fetch(new URL(`api/${name}`, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(question),
  })
  const text = await reply.text()
  if (reply.status === 200) return JSON.parse(text) as StudioCalls[Name]['reply']
  throw new Error(reply.status === 422 ? (JSON.parse(text) as { message: string }).message : `status ${reply.status}`)
}

export interface Watched {
  readonly state: TrainingState
  readonly events: readonly TrainingEvent[]
  /** Waits for an event of this kind that comes from now on. */
  next(kind: TrainingEvent['kind']): Promise<void>
  close(): void
}

/** Follows the training as a page does. */
export async function watch(url: string): Promise<Watched> {
  const socket = new WebSocket(new URL('events', url).href.replace('http', 'ws'), { origin: new URL(url).origin })
  let state = idleState
  const events: TrainingEvent[] = []
  let waiting: { kind: string; done: () => void }[] = []
  const first = new Promise<void>((done) => socket.once('message', () => done()))
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as ServerMessage
    if (message.kind === 'state') state = message.state
    if (message.kind !== 'event') return
    const { event } = message
    state = applyTrainingEvent(state, event)
    events.push(event)
    for (const waiter of waiting) if (waiter.kind === event.kind) waiter.done()
    waiting = waiting.filter(({ kind }) => kind !== event.kind)
  })
  await first
  return {
    get state() {
      return state
    },
    events,
    next: (kind) => new Promise((done) => waiting.push({ kind, done })),
    close: () => socket.terminate(),
  }
}
