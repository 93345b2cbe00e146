/**
 * A process that locks a run folder and does what lines on its standard input say: `write NAME`, or `unlock`. It
 * prints `locked`, `written`, or the message of an error. Arguments: the folder, and the seconds between two heartbeats.
 */
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { writeFileWhole } from '../../src/runtime/runs/writeWhole.ts'
import type { KnownError } from '../../src/system/knownError.ts'
import { lockRun, unlockRun } from '../../src/runtime/runs/runLock.ts'

const [folder = '', heartbeat] = process.argv.slice(2)
const report = async (done: string, action: () => Promise<void> | void): Promise<boolean> => {
  try {
    await action()
    console.log(done)
    return true
  } catch (error) {
    console.log(`${(error as KnownError).code}: ${(error as KnownError).message}`)
    return false
  }
}
console.log('ready')
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
await lines.next()
if (!(await report('locked', () => lockRun(folder, { heartbeat: Number(heartbeat), onWait: console.log }))))
  process.exit(1)
for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
  const [command, name = ''] = line.value.split(' ')
  if (command === 'write') await report('written', () => writeFileWhole(join(folder, name), [`${process.pid}`]))
  else await report('unlocked', () => unlockRun(folder))
}
