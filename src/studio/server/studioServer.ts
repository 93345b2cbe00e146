/**
 * The local server of the studio. It serves the page, answers its calls, and sends it the course of training over a WebSocket.
 * All paths begin with the token, so relative addresses in the page carry it.
 */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import { KnownError } from '../../system/knownError.ts'
import { asKnownError, fileFailure } from '../../system/systemError.ts'
import type { ServerMessage } from '../calls.ts'
import { admit, securityHeaders, type Access } from './access.ts'
import { answerCall, isCall, type Studio } from './answerCall.ts'
import { HelperProcess } from './helperProcess.ts'
import { readPage } from './pageFiles.ts'
import { readReport, reportHeaders } from './reports.ts'
import { SpecFolder } from './specFolder.ts'
import { TrainingProcess } from './trainingProcess.ts'

export interface StudioOptions {
  /** The folder of the specs. */
  readonly folder: string
  /** The folder of the built page. */
  readonly pages: string
  /** Starts shapewright: `['node', '…/bin.cjs']`. */
  readonly program: readonly string[]
  /** The port to listen on; without one, 4580, or any free port if that is taken. */
  readonly port?: number | undefined
  /** Called with errors that are bugs. */
  onBug(error: unknown): void
}

export interface StudioServer {
  /** The address with the token. */
  readonly url: string
  /** Stops the training, waits until its run is saved, and closes the server. */
  close(): Promise<void>
}

const usualPort = 4580

/** The most bytes of a question, and of a message on the WebSocket. */
const [mostBody, mostMessage] = [24e6, 1e4]

/** @throws KnownError if the folder does not exist, or the port cannot be used. */
export async function startStudio(options: StudioOptions): Promise<StudioServer> {
  const folder = new SpecFolder(options.folder)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: mostMessage })
  const send = (message: ServerMessage) => {
    const text = JSON.stringify(message)
    for (const socket of sockets.clients) socket.send(text)
  }
  const training = new TrainingProcess(
    options.program,
    folder.root,
    (run) => folder.nameOf(run),
    (event) => send({ kind: 'event', event }),
  )
  const helper = new HelperProcess(folder.root)
  const studio: Studio = { folder, training, helper }
  const server = createServer()
  const access: Access = { port: await listen(server, options.port), token: randomBytes(24).toString('base64url') }
  server.on('request', (request, response) => void respond(request, response, { studio, access, options }))
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head) => {
    const admission = admit(request, access)
    const isOurs = 'path' in admission && admission.path === '/events' && request.headers.origin !== undefined
    if (!isOurs) return void socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n')
    sockets.handleUpgrade(request, socket, head, (opened) => {
      opened.on('error', () => undefined)
      opened.send(JSON.stringify({ kind: 'state', state: training.state } satisfies ServerMessage))
    })
  })
  return {
    url: `http://127.0.0.1:${access.port}/${access.token}/`,
    async close() {
      await training.close()
      helper.close()
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

async function listen(server: Server, port: number | undefined): Promise<number> {
  const isTaken = await tryListen(server, port ?? usualPort)
  if (isTaken && port !== undefined)
    throw new KnownError(
      'usage',
      `port ${port} cannot be used: ${fileFailure(isTaken)}`,
      'choose another one with --port',
    )
  if (isTaken) await tryListen(server, 0)
  return (server.address() as AddressInfo).port
}

/** @returns The error, if the port is taken. */
function tryListen(server: Server, port: number): Promise<Error | undefined> {
  return new Promise((done) => {
    server.once('error', done)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', done)
      done(undefined)
    })
  })
}

interface Context {
  readonly studio: Studio
  readonly access: Access
  readonly options: StudioOptions
}

async function respond(request: IncomingMessage, response: ServerResponse, context: Context): Promise<void> {
  const reply = (status: number, type: string, body: string | Uint8Array = '') =>
    response.writeHead(status, { ...securityHeaders, 'content-type': type }).end(body)
  const replyJson = (status: number, value: object) => reply(status, 'application/json', JSON.stringify(value))
  try {
    const admission = admit(request, context.access)
    if ('status' in admission) return void reply(admission.status, 'text/plain')
    const [, name] = /^\/api\/(\w+)$/.exec(admission.path) ?? []
    if (name === undefined) {
      if (request.method !== 'GET' && request.method !== 'HEAD') return void reply(405, 'text/plain')
      const report = readReport(context.studio.folder, admission.path)
      if (report) return void response.writeHead(200, reportHeaders).end(report)
      const page = readPage(context.options.pages, admission.path)
      return void (page ? reply(200, page.type, page.content) : reply(404, 'text/plain'))
    }
    if (request.method !== 'POST') return void reply(405, 'text/plain')
    if (request.headers['content-type'] !== 'application/json') return void reply(415, 'text/plain')
    if (!isCall(name)) return void reply(404, 'text/plain')
    const body = await readBody(request)
    if (body === undefined) return void reply(413, 'text/plain')
    const answer = await answerCall(context.studio, name, body)
    if (answer === undefined) return void reply(400, 'text/plain')
    replyJson(200, answer)
  } catch (error) {
    const known = asKnownError(error)
    if (known) return void replyJson(422, { message: known.message, help: known.help })
    context.options.onBug(error)
    replyJson(500, { message: 'This is a bug in shapewright.', help: 'The terminal of the studio shows the details.' })
  }
}

/** @returns Undefined if the body is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > mostBody) return undefined
  const parts: Buffer[] = []
  let total = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    total += part.length
    if (total > mostBody) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
