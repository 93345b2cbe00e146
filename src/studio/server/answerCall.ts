/** Answers the calls of the page: the table of calls, with the form of each question. */
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { checkText } from '../../analyze.ts'
import { hasErrors } from '../../diagnostics/diagnostic.ts'
import { compareModels } from '../../report/diff/compareModels.ts'
import { modelFacts, type ModelFacts } from '../../report/diff/modelFacts.ts'
import { readRun, type RunRecord } from '../../report/run/runRecord.ts'
import { factsOfRun, listRuns, warnOfTestSelection } from '../../report/run/runsTable.ts'
import { readSweepSummary } from '../../report/sweep/readSweepSummary.ts'
import { listSweeps } from '../../report/sweep/sweepRuns.ts'
import { engineChoices } from '../../system/engineNames.ts'
import { KnownError } from '../../system/knownError.ts'
import { nodeHost } from '../../system/nodeHost.ts'
import { parseRecord, type JsonFields } from '../../system/parseRecord.ts'
import { reportFile } from '../../system/runFiles.ts'
import type { Problem, RunList, RunView, StudioCalls, TrainingQuestion } from '../calls.ts'
import { compileTargets } from '../compileTargets.ts'
import type { HelperProcess } from './helperProcess.ts'
import type { SpecFolder } from './specFolder.ts'
import type { TrainingProcess } from './trainingProcess.ts'

export interface Studio {
  readonly folder: SpecFolder
  readonly training: Pick<TrainingProcess, 'start' | 'order'>
  readonly helper: Pick<HelperProcess, 'ask'>
}

export type CallName = keyof StudioCalls

type Question<Name extends CallName> = StudioCalls[Name]['question']
type Reply<Name extends CallName> = StudioCalls[Name]['reply'] | Promise<StudioCalls[Name]['reply']>

/** The folder in which runs are saved, as by `shapewright train`. */
const runsFolder = 'runs'

/** Whether there is a call of this name. */
export function isCall(name: string): name is CallName {
  return Object.hasOwn(forms, name)
}

/**
 * @param text The question as JSON.
 * @returns Undefined if the question has another form.
 * @throws KnownError if the call fails.
 */
export async function answerCall<Name extends CallName>(
  studio: Studio,
  name: Name,
  text: string,
): Promise<StudioCalls[Name]['reply'] | undefined> {
  const question = parseRecord<Question<Name>>(text, forms[name])
  return question && (await answers[name](studio, question))
}

const forms: { readonly [Name in CallName]: JsonFields } = {
  folder: {},
  readSpec: { path: 'string' },
  // The version of a new file is null, which has no form.
  writeSpec: { path: 'string', text: 'string' },
  fileSize: { path: 'string' },
  listFiles: { path: 'string' },
  readFile: { path: 'string', start: 'number', length: 'number' },
  compile: { path: 'string', text: 'string', target: 'string' },
  train: { spec: 'string', 'resume?': 'string', 'epochs?': 'number', 'engine?': 'string' },
  pause: {},
  proceed: {},
  stop: {},
  data: { spec: 'string', split: 'string', view: 'number', augmented: 'boolean' },
  runs: {},
  run: { folder: 'string' },
  sweep: { folder: 'string' },
  diff: { before: 'string', after: 'string' },
  predict: { run: 'string', image: 'string', invert: 'boolean' },
}

const answers: { readonly [Name in CallName]: (studio: Studio, question: Question<Name>) => Reply<Name> } = {
  folder: ({ folder }) => folder.list(),
  readSpec: ({ folder }, { path }) => folder.readSpec(path),
  writeSpec: ({ folder }, { path, text, version }) =>
    folder.writeSpec(path, text, typeof version === 'string' ? version : null),
  fileSize: ({ folder }, { path }) => ({ size: folder.sizeOf(path) ?? null }),
  listFiles: ({ folder }, { path }) => ({ entries: folder.entriesOf(path) ?? null }),
  readFile({ folder }, { path, start, length }) {
    const [from, count] = [wholeNumber('start', start, 0), wholeNumber('length', length, 0)]
    return { bytes: folder.readPart(path, from, count).toString('base64') }
  },
  async compile({ folder, helper }, question) {
    const targets = compileTargets.map(({ name }) => name)
    oneOf('target', question.target, targets)
    folder.locate(question.path)
    return await helper.ask('compile', question)
  },
  train({ folder, training }, question) {
    training.start(checkedTraining(folder, question))
    return {}
  },
  pause: ({ training }) => order(training, 'pause'),
  proceed: ({ training }) => order(training, 'proceed'),
  stop: ({ training }) => order(training, 'stop'),
  async data({ folder, helper }, { spec, split, view, augmented }) {
    folder.readSpec(spec)
    oneOf('split', split, ['train', 'validation', 'test'])
    return await helper.ask('data', { spec, split, view: Math.min(wholeNumber('view', view, 0), 400), augmented })
  },
  runs: async ({ folder }) => await listAll(folder),
  run: async ({ folder }, question) => viewRun(folder, question.folder, await openRun(folder, question.folder)),
  async sweep({ folder }, question) {
    const { specText: _text, ...summary } = await readSweepSummary(folder.locate(question.folder))
    const hasReport = existsSync(folder.locate(`${question.folder}/${reportFile}`))
    return { ...summary, folder: question.folder, hasReport }
  },
  async diff({ folder }, { before, after }) {
    return compareModels(await factsAt(folder, before), await factsAt(folder, after))
  },
  async predict({ folder, helper }, { run, image, invert }) {
    folder.locate(run)
    return await helper.ask('predict', { run, image, invert })
  },
}

function order(training: Studio['training'], given: 'pause' | 'proceed' | 'stop'): object {
  training.order(given)
  return {}
}

function checkedTraining(folder: SpecFolder, { spec, resume, epochs, engine }: TrainingQuestion): TrainingQuestion {
  folder.readSpec(spec)
  if (resume !== undefined) folder.locate(resume)
  if (engine !== undefined) oneOf('engine', engine, engineChoices)
  return {
    spec,
    ...(resume !== undefined && { resume }),
    ...(epochs !== undefined && { epochs: wholeNumber('epochs', epochs, 1) }),
    ...(engine !== undefined && { engine }),
  }
}

async function listAll(folder: SpecFolder): Promise<RunList> {
  const place = folder.locate(runsFolder)
  if (statSync(place, { throwIfNoEntry: false })?.isDirectory() !== true) return { rows: [], damaged: [] }
  const damaged: Problem[] = []
  const report = ({ message, help }: KnownError) => void damaged.push({ message, help })
  const found = [...(await listRuns(place, report)), ...(await listSweeps(place, true, report))]
  const rows = found.map((row) => ({ ...row, folder: folder.nameOf(row.folder) ?? row.folder }))
  const warning = warnOfTestSelection(rows, 'date')
  return { rows, damaged, ...(warning && { warning }) }
}

async function openRun(folder: SpecFolder, path: string): Promise<RunRecord> {
  const run = await readRun(folder.locate(path))
  if (run) return run
  throw new KnownError('usage', `${path} is not a run folder`, 'train a spec to create one')
}

function viewRun(folder: SpecFolder, path: string, run: RunRecord): RunView {
  const { name, specText, environment, test, hasModel, history, inspection, sampleShape, metadata, resolved } = run
  const spec = resolved?.file === undefined ? undefined : folder.nameOf(resolved.file)
  return {
    folder: path,
    name,
    environment,
    history,
    hasModel,
    ...(specText !== undefined && { specText }),
    ...(test && { test }),
    ...(inspection && { inspection }),
    ...(sampleShape && { sampleShape }),
    ...(metadata && { classNames: metadata.classNames }),
    ...(spec !== undefined && { spec }),
  }
}

/** The facts of a spec or a run, labelled by its path. */
async function factsAt(folder: SpecFolder, path: string): Promise<ModelFacts> {
  if (statSync(folder.locate(path), { throwIfNoEntry: false })?.isDirectory() === true) {
    const facts = factsOfRun(await openRun(folder, path))
    if (facts) return { ...facts, label: path }
    throw new KnownError('usage', `the spec of ${path} is missing, or has errors`, 'compare the spec itself')
  }
  const { text } = folder.readSpec(path)
  const analysis = checkText(text, join(folder.root, path), { host: nodeHost, isWhole: true })
  if (!hasErrors(analysis.diagnostics)) return modelFacts(path, analysis)
  throw new KnownError('usage', `${path} has errors`, 'fix them in the editor first')
}

function wholeNumber(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new KnownError('usage', `${name} must be a whole number, at least ${least}, not ${value}`, 'change the number')
}

function oneOf(name: string, value: string, allowed: readonly string[]): void {
  if (allowed.includes(value)) return
  throw new KnownError('usage', `there is no ${name} ${JSON.stringify(value)}`, `use one of ${allowed.join(', ')}`)
}
