/** `npm run soak`: ends runs at random moments, resumes them, and compares them with uninterrupted runs. */
import { readOptions } from '../options.ts'
import { soakRuns } from './soakRuns.ts'

const { values } = readOptions({
  command: 'soak',
  about:
    'Ends random short runs by kill -9 at random moments, in the middle of a write, and by a full disk, resumes them, and\ncompares weights and logs with those of uninterrupted runs.',
  options: {
    kills: { kind: 'number', value: 'N', default: 200, help: 'the number of endings' },
    seed: { kind: 'number', value: 'S', help: 'draws the same runs again' },
  },
})
const { kills, seed = Date.now() % 0x7fffffff } = values
const began = Date.now()
const { runs, struck, equal, findings } = await soakRuns(kills, seed, (text) => console.log(text))
for (const finding of findings) console.log(finding)
const { kill, killInWrite, fullDisk } = struck
const endings = `${kill} by kill -9, ${killInWrite} by kill -9 in the middle of a write, ${fullDisk} by a full disk`
console.log(
  `seed ${seed}: ${kill + killInWrite + fullDisk} endings (${endings}) of ${runs} runs; ${equal} of ${runs} equal, ${Math.round((Date.now() - began) / 1000)} s`,
)
if (findings.length > 0) process.exitCode = 1
