/** The studio with its server: specs are files of a folder, and training runs in a process of the machine. */
import { engineChoices } from '../../system/engineNames.ts'
import type { Backend } from '../backend.ts'
import type { Problem, ServerMessage, StudioCalls } from '../calls.ts'
import { compileTargets } from '../compileTargets.ts'

export function createServerBackend(): Backend {
  /** The version of each spec that was read, which a later write is based on. */
  const versions = new Map<string, string>()
  return {
    files: {
      size: async (path) => (await call('fileSize', { path })).size ?? undefined,
      list: async (path) => (await call('listFiles', { path })).entries ?? undefined,
      async read(path, start, length) {
        const { bytes } = await call('readFile', { path, start, length })
        return Uint8Array.from(atob(bytes), (character) => character.codePointAt(0)!)
      },
    },
    targets: compileTargets,
    listSpecs: async () => (await call('folder', {})).specs,
    async readSpec(path) {
      const { text, version } = await call('readSpec', { path })
      versions.set(path, version)
      return text
    },
    async writeSpec(path, text) {
      const { version } = await call('writeSpec', { path, text, version: versions.get(path) ?? null })
      versions.set(path, version)
    },
    compile: async (path, text, target) => await call('compile', { path, text, target }),
    viewData: async (question) => await call('data', question),
    training: {
      engines: engineChoices,
      watch,
      start: async (question) => await call('train', question),
      pause: async () => await call('pause', {}),
      proceed: async () => await call('proceed', {}),
      stop: async () => await call('stop', {}),
    },
    reportAddress: (folder) => `reports/${folder.split('/').map(encodeURIComponent).join('/')}`,
    runs: {
      list: async () => await call('runs', {}),
      read: async (question) => await call('run', question),
      sweep: async (question) => await call('sweep', question),
      diff: async (question) => await call('diff', question),
      predict: async (question) => await call('predict', question),
    },
  }
}

/** @throws Error with a message for the user. */
async function call<Name extends keyof StudioCalls>(
  name: Name,
  question: StudioCalls[Name]['question'],
): Promise<StudioCalls[Name]['reply']> {
  const reply = await fetch(new URL(`api/${name}`, document.baseURI), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(question),
  }).catch(() => {
    throw new Error('The studio has ended: start it again with `shapewright studio`.')
  })
  if (reply.ok) return (await reply.json()) as StudioCalls[Name]['reply']
  const isExplained = reply.headers.get('content-type') === 'application/json'
  if (!isExplained) throw new Error(`The server refused the request (${reply.status}): reload the page.`)
  const { message, help } = (await reply.json()) as Problem
  throw new Error(`${message}: ${help}`)
}

/** Follows the training over a WebSocket, which is opened again after the connection was lost. */
function watch(onMessage: (message: ServerMessage) => void): void {
  const address = new URL('events', document.baseURI)
  address.protocol = 'ws:'
  const connect = () => {
    const socket = new WebSocket(address)
    socket.addEventListener('message', ({ data }) => onMessage(JSON.parse(String(data)) as ServerMessage))
    socket.addEventListener('close', () => setTimeout(connect, 2000))
  }
  connect()
}
