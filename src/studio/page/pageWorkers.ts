/** The workers of the static page, and the files that they keep in the browser. */
import type { Zippable } from 'fflate'
import type { FileSource } from '../../system/prepareHost.ts'
import type { StudioCalls } from '../calls.ts'
import { addStored, readStored } from '../static/fileStore.ts'
import type { EditedSpec, PageCall, PageReply } from '../static/messages.ts'
import { PageTraining } from './pageTraining.ts'

export const training = new PageTraining()

/** The folder of the files that the user added. */
const dataFolder = 'data/'

let answering: Worker | undefined
let last = 0
const waiting = new Map<number, { done: (reply: unknown) => void; fail: (error: Error) => void }>()

/**
 * Asks the worker that answers calls, which is started with the first one.
 *
 * @throws Error with a message for the user.
 */
export async function ask<Name extends keyof StudioCalls>(
  name: Name,
  question: StudioCalls[Name]['question'],
  spec?: EditedSpec,
): Promise<StudioCalls[Name]['reply']> {
  answering ??= startAnswering()
  const call: PageCall = { id: ++last, name, question, ...(spec && { spec }) }
  const reply = new Promise((done, fail) => waiting.set(call.id, { done, fail }))
  answering.postMessage(call)
  return (await reply) as StudioCalls[Name]['reply']
}

function startAnswering(): Worker {
  const worker = new Worker(new URL('static/answer.js', document.baseURI), { type: 'module' })
  worker.addEventListener('message', ({ data }: MessageEvent<PageReply>) => {
    const asked = waiting.get(data.id)
    waiting.delete(data.id)
    if ('reply' in data) asked?.done(data.reply)
    else asked?.fail(new Error(`${data.problem.message}: ${data.problem.help}`))
  })
  worker.addEventListener('error', ({ message }) => {
    answering = undefined
    for (const { fail } of waiting.values()) fail(new Error(message || 'A part of this page could not be loaded.'))
    waiting.clear()
  })
  return worker
}

/** The files that the user added, as the checker reads them. */
export const storedData: FileSource = {
  size: async (path) => (await readStored(path)).get(path)?.bytes.length,
  async list(path) {
    const start = path.endsWith('/') ? path : `${path}/`
    const names = [...(await readStored(start)).keys()].map((file) => file.slice(start.length))
    return names.length === 0 ? undefined : names.map((name) => ({ name, kind: 'file' }))
  },
  read: async (path, start, length) => {
    const file = (await readStored(path)).get(path)
    return file?.bytes.slice(start, start + length) ?? new Uint8Array()
  },
}

/** Keeps files in the folder `data`. Returns their paths. */
export async function addData(files: readonly File[]): Promise<readonly string[]> {
  const read = files.map(async (file) => {
    const bytes = new Uint8Array(await file.arrayBuffer())
    return [dataFolder + file.name, { bytes, modified: file.lastModified }] as const
  })
  const found = new Map(await Promise.all(read))
  await addStored(found)
  return [...found.keys()]
}

/** The files of a run, as an archive to download. */
export async function zipRun(folder: string): Promise<Blob> {
  const { zipSync } = await import('fflate')
  const start = folder.lastIndexOf('/') + 1
  const entries: Zippable = {}
  for (const [path, { bytes, modified }] of await readStored(`${folder}/`))
    entries[path.slice(start)] = [bytes, { mtime: modified }]
  return new Blob([zipSync(entries)], { type: 'application/zip' })
}
