/** The entry point of the studio's helper process: answers questions about datasets and networks. */
import type { HelperReply, HelperRequest } from '../server/helperProcess.ts'
import { findAnswer, problemOf } from './findAnswer.ts'

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
    return { id, reply: await findAnswer(request) }
  } catch (error) {
    return { id, problem: problemOf(error) }
  }
}
