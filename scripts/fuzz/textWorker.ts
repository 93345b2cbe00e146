/** One of the processes that share a run of the text fuzz: `textWorker COUNT SEED SHARD SHARDS`; tells its parent how it goes. */
import { fuzzTexts, shrinkText } from './fuzzTexts.ts'

const [count = 0, seed = 0, shard = 0, shards = 1] = process.argv.slice(2).map(Number)
let ended = false
process.on('message', () => (ended = true))
// Whoever started it is gone.
process.on('disconnect', () => process.exit())

const tell = (message: object) => new Promise((done) => process.send?.(message, done))
for await (const { findings, ...progress } of fuzzTexts(count, seed, { shard, shards })) {
  const told = findings.map(
    (one) => `text ${one.index}: ${one.problem}\n${JSON.stringify(shrinkText(one)).slice(0, 2000)}\n`,
  )
  await tell({ ...progress, findings: told })
  if (ended) break
}
process.disconnect()
