/** A process of the fuzz of imports: `importWorker.ts SEED FROM TO`, which sends each case to its parent. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEngine } from '../../../src/runtime/engines/startEngine.ts'
import { runCase, type Case } from './importCase.ts'
import { writeSources } from './sourceFiles.ts'

export type WorkerMessage = Case & { readonly index: number; readonly cpu: number; readonly memory: number }

const [seed = 0, from = 0, to = 0] = process.argv.slice(2).map(Number)
// The parent has ended.
process.on('disconnect', () => process.exit())
console.warn = () => {}
await startEngine('cpu')
const folder = mkdtempSync(join(tmpdir(), 'shapewright-fuzz-'))
const sources = await writeSources(folder)
for (let index = from; index < to; index += 1) {
  const before = process.cpuUsage()
  const found = await runCase(sources, folder, seed, index)
  const { user, system } = process.cpuUsage(before)
  const message: WorkerMessage = {
    ...found,
    index,
    cpu: (user + system) / 1e6,
    memory: process.memoryUsage().rss / 1e6,
  }
  await new Promise((done) => process.send!(message, done))
}
rmSync(folder, { recursive: true })
process.disconnect()
