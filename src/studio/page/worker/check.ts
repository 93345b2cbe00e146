/** The worker that checks specs: the language service, with files that it reads through the page. It loads what it needs for shapes first. */
import { inlayHints } from '../../../editor/inlayHints.ts'
import { documentOf, type SpecDocument } from '../../../editor/specDocument.ts'
import { inferText } from '../../../inferShapes.ts'
import type { Host } from '../../../system/host.ts'
import { prepareHost, type FileSource } from '../../../system/prepareHost.ts'
import { networkFactsOf } from '../../facts/networkFacts.ts'
import type {
  Checked,
  CheckedFix,
  FileRequest,
  FromWorker,
  Kind,
  Questions,
  Request,
  Shapes,
  ToWorker,
} from './messages.ts'

const send = (message: FromWorker) => postMessage(message)

let current: SpecDocument | undefined

type Answers = { readonly [K in Kind]: (question: Questions[K]['question']) => Promise<Questions[K]['answer']> }

const answers: Answers = {
  shapes: async ({ file, text }) => {
    const infer = (host: Host) => {
      return documentOf({ ...inferText(text, file, { host }), settings: [], diagnostics: [] }, text, file)
    }
    return describeShapes(await withFiles(infer))
  },
  check: async ({ file, text }) => {
    current = await open(file, text)
    return describe(current)
  },
  complete: async ({ file, text, offset }) =>
    (await loadQuestions()).completeWithFiles(await presentDocument(file, text), offset, files),
  hover: async ({ offset }) => current && (await loadQuestions()).hoverAt(current, offset),
  actions: async ({ file, text, selection }) => {
    const { codeActionsAt } = await loadQuestions()
    // Edits of other files are left to an editor that has them open.
    const actions = codeActionsAt(await presentDocument(file, text), selection)
    return actions.filter(({ edits }) => edits.every((edit) => edit.span.file === undefined)).map(describeFix)
  },
  definition: async ({ offset }) => current && (await loadQuestions()).definitionAt(current, offset),
}

/** What the editor asks after the first check. It is loaded apart, so that shapes are shown sooner. */
async function loadQuestions() {
  return await import('./questions.ts')
}

/** The last document if it has this text. */
async function presentDocument(file: string, text: string): Promise<SpecDocument> {
  return current?.text === text && current.file === file ? current : await open(file, text)
}

/** Analyzes a spec. Rules, fixes and sweeps are loaded with the first one. */
async function open(file: string, text: string): Promise<SpecDocument> {
  const { openSpec } = await import('../../../editor/openSpec.ts')
  return await withFiles((host) => openSpec(text, file, { host, trials: true }))
}

/** Analyzes with files that are read in advance; the last analysis has all of them. */
async function withFiles(analyze: (host: Host) => SpecDocument): Promise<SpecDocument> {
  let document: SpecDocument | undefined
  await prepareHost(files, (host) => {
    document = analyze(host)
  })
  return document!
}

function describeShapes(document: SpecDocument): Shapes {
  const { file, text } = document
  const hints = inlayHints(document, { start: 0, end: text.length })
  return { file, text, hints, network: networkFactsOf(document) }
}

function describe(document: SpecDocument): Checked {
  const diagnostics = document.analysis.diagnostics.map(({ code, severity, message, help, span, fixes }) => ({
    code,
    severity,
    message,
    help,
    span,
    line: document.files.range(span).start.line,
    fixes: fixes.filter(({ edits }) => edits.every((edit) => edit.span.file === undefined)).map(describeFix),
  }))
  return { ...describeShapes(document), diagnostics }
}

function describeFix({ title, edits }: CheckedFix): CheckedFix {
  return { title, edits }
}

const reads = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
let lastRead = 0

function ask(read: FileRequest['read'], path: string, start = 0, length = 0): Promise<unknown> {
  const fileId = ++lastRead
  send({ fileId, read, path, start, length })
  return new Promise((resolve, reject) => reads.set(fileId, { resolve, reject }))
}

const files: FileSource = {
  size: async (path) => (await ask('size', path)) as Awaited<ReturnType<FileSource['size']>>,
  list: async (path) => (await ask('list', path)) as Awaited<ReturnType<FileSource['list']>>,
  read: async (path, start, length) => (await ask('read', path, start, length)) as Uint8Array,
}

async function answer<K extends Kind>({ id, kind, question }: Request<K>): Promise<void> {
  try {
    send({ id, answer: await answers[kind](question) })
  } catch (error) {
    send({ id, error: error instanceof Error ? error.message : String(error) })
  }
}

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (!('fileId' in data)) return void answer(data)
  const read = reads.get(data.fileId)
  reads.delete(data.fileId)
  if ('error' in data) read?.reject(new Error(data.error))
  else read?.resolve(data.value)
})
