/** The entry point of the studio's helper process: answers questions about datasets and networks. */
import { asKnownError } from '../../system/systemError.ts'
import type { HelperReply, HelperRequest } from '../server/helperProcess.ts'

/** Questions are answered one after the other: the engine computes for one at a time. */
let last: Promise<unknown> = Promise.resolve()
process.on('message', (request: HelperRequest) => {
  last = last.then(async () => {
    const reply = await answer(request)
    if (process.connected) process.send!(reply)
  })
})
process.once('disconnect', () => process.exit())

async function answer(request: HelperRequest): Promise<HelperReply> {
  const { id } = request
  try {
    return { id, reply: await find(request) }
  } catch (error) {
    const known = asKnownError(error)
    if (known) return { id, problem: { message: known.message, help: known.help } }
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { id, problem: { message, help: 'This is a bug in shapewright: report it with this message.' } }
  }
}

/** Each kind of question loads what it needs when it is asked first. */
async function find({ kind, question }: HelperRequest): Promise<unknown> {
  switch (kind) {
    case 'compile':
      return await (await import('./compileSpec.ts')).compileSpec(question)
    case 'data':
      return await (await import('./viewDataset.ts')).viewDataset(question)
    case 'predict':
      return await (await import('./predictImage.ts')).predictImage(question)
  }
}
