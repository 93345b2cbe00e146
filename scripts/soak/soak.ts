/**
 * `npm run soak -- --kills 200 [--seed S]`: ends random short runs by kill -9 at random moments, in the middle of a write, and by
 * a full disk, resumes them, and compares weights and logs with those of uninterrupted runs.
 */
import { parseArgs } from 'node:util'
import { soakRuns } from './soakRuns.ts'

const { values } = parseArgs({ options: { kills: { type: 'string' }, seed: { type: 'string' } } })
const seed = values.seed === undefined ? Date.now() % 0x7fffffff : Number(values.seed)
const began = Date.now()
const { runs, struck, equal, findings } = await soakRuns(Number(values.kills ?? 200), seed, (text) => console.log(text))
for (const finding of findings) console.log(finding)
const { kill, killInWrite, fullDisk } = struck
const endings = `${kill} by kill -9, ${killInWrite} by kill -9 in the middle of a write, ${fullDisk} by a full disk`
console.log(
  `seed ${seed}: ${kill + killInWrite + fullDisk} endings (${endings}) of ${runs} runs; ${equal} of ${runs} equal, ${Math.round((Date.now() - began) / 1000)} s`,
)
if (findings.length > 0) process.exitCode = 1
