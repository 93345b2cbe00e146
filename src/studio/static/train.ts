/** The worker of the static page that trains: one training, with the engine and the run folders of the command line. */
import { hasErrors } from '../../diagnostics/diagnostic.ts'
import { plainPalette, renderPretty } from '../../diagnostics/renderPretty.ts'
import { checkText } from '../../analyze.ts'
import { programOf } from '../../compile.ts'
import { minBytesOf } from '../../graph/cost.ts'
import type { EngineChoice } from '../../system/engineNames.ts'
import { KnownError } from '../../system/knownError.ts'
import { nodeHost } from '../../system/nodeHost.ts'
import { quoteForShell } from '../../system/quoteForShell.ts'
import { requireTrainable } from '../../tasks/train/requireTrainable.ts'
import { claimFolder, resumeSpec } from '../../tasks/train/resume.ts'
import { trainRun } from '../../tasks/train/trainRun.ts'
import type { TrainingEvent, TrainingQuestion } from '../calls.ts'
import { problemOf } from '../helper/findAnswer.ts'
import { createTrainingChannel } from '../server/trainingChannel.ts'
import { fetchDataset, loadStored, putSpec, runsFolder, storeFolder } from './folder.ts'
import type { EditedSpec, ToTrainer } from './messages.ts'

const post = (event: TrainingEvent) => postMessage(event)

let run: string | undefined
const channel = createTrainingChannel((event) => {
  if (event.kind === 'run') run = event.folder
  post(event)
  // A page that is closed loses the steps since the last epoch only.
  if (event.kind === 'epoch' && run !== undefined) void storeFolder(run)
})

addEventListener('message', async ({ data }: MessageEvent<ToTrainer>) => {
  if ('order' in data) return channel.obey(data.order)
  try {
    post({ kind: 'ended', status: await train(data.question, data.spec) })
  } catch (error) {
    if (run !== undefined) await storeFolder(run)
    post({ kind: 'ended', status: 'failed', problem: problemOf(error) })
  }
})

async function train(
  { resume, epochs, engine = 'wasm' }: TrainingQuestion,
  edited: EditedSpec,
): Promise<'finished' | 'stopped'> {
  const { path, text } = edited
  await putSpec(edited)
  await Promise.all([loadStored('data/'), loadStored(`${runsFolder}/`), fetchDataset(edited)])
  const analysis = checkText(text, path, { host: nodeHost, isWhole: true })
  if (hasErrors(analysis.diagnostics)) {
    const errors = analysis.diagnostics.filter(({ severity }) => severity === 'error')
    throw new KnownError(
      'usage',
      renderPretty(errors, text, path, plainPalette, analysis.source.otherTexts),
      'Fix the spec.',
    )
  }
  const claimed = resume === undefined ? undefined : await claimFolder(resume, { mayBegin: false, specText: text })
  const { spec: written, shaped } = analysis
  const asked = { ...(epochs !== undefined && { epochs }) }
  const spec = claimed?.run
    ? resumeSpec(claimed.run, { text, file: path, spec: written }, asked)
    : { ...written, training: { ...written.training, ...asked } }
  requireTrainable(path, spec)
  const outcome = await trainRun(
    programOf({ spec, shaped }),
    {
      engine: engine as EngineChoice,
      root: runsFolder,
      ...(claimed && { resume: claimed.folder }),
      specText: text,
      resolvedSpec: { ...spec, file: path },
      commandOf: () => `shapewright train ${quoteForShell(path)}`,
      signal: channel.signal,
      observer: channel.observer,
      leastBytes: minBytesOf(spec, shaped),
      onEngine: channel.reportEngine,
      async onSaved({ test }) {
        if (test) channel.reportTest(test)
      },
    },
    channel.listener,
  )
  await storeFolder(outcome.folder)
  return outcome.interrupted ? 'stopped' : 'finished'
}
