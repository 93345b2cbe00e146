/** The worker of the static page that answers the calls of the page, as the server does: runs, predictions, data and scripts. */
import { KnownError } from '../../system/knownError.ts'
import { findAnswer, problemOf } from '../helper/findAnswer.ts'
import { answerCall, type Studio } from '../server/answerCall.ts'
import type { HelperQuestion, HelperQuestions } from '../server/helperProcess.ts'
import { SpecFolder } from '../server/specFolder.ts'
import { fetchDataset, fetchSources, loadStored, putSpec, runsFolder } from './folder.ts'
import type { PageCall, PageReply } from './messages.ts'
import { workingFolder } from './node/workingFolder.ts'

const refuse = (): never => {
  throw new KnownError('usage', 'another worker trains', 'ask that one')
}
/** Answers what the helper process of the server answers. */
async function ask<Kind extends keyof HelperQuestions>(
  kind: Kind,
  question: HelperQuestions[Kind]['question'],
): Promise<HelperQuestions[Kind]['reply']> {
  return (await findAnswer({ kind, question } as HelperQuestion)) as HelperQuestions[Kind]['reply']
}

const studio: Studio = {
  folder: new SpecFolder(workingFolder),
  training: { start: refuse, order: refuse },
  helper: { ask },
}

/** Questions are answered one after the other: the engine computes for one at a time. */
let last: Promise<unknown> = Promise.resolve()
addEventListener('message', ({ data }: MessageEvent<PageCall>) => {
  last = last.then(async () => postMessage(await answer(data)))
})

async function answer({ id, name, question, spec }: PageCall): Promise<PageReply> {
  try {
    if (spec !== undefined) await putSpec(spec)
    await Promise.all([loadStored('data/'), loadStored(`${runsFolder}/`)])
    if (name === 'compile') await fetchSources()
    if (name === 'data' && spec !== undefined) await fetchDataset(spec)
    return { id, reply: await answerCall(studio, name, JSON.stringify(question)) }
  } catch (error) {
    return { id, problem: problemOf(error) }
  }
}
