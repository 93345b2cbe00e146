/** A process of the text fuzz: `textWorker COUNT SEED SHARD SHARDS`, which reports its progress to its parent. */
import { fuzzTexts, shrinkText } from './fuzzTexts.ts'

const [count = 0, seed = 0, shard = 0, shards = 1] = process.argv.slice(2).map(Number)
let ended = false
process.on('message', () => (ended = true))
// The parent has ended.
process.on('disconnect', () => process.exit())

const send = (message: object) => new Promise((done) => process.send?.(message, done))
for await (const { findings, ...progress } of fuzzTexts(count, seed, { shard, shards })) {
  const sent = findings.map(
    (one) => `text ${one.index}: ${one.problem}\n${JSON.stringify(shrinkText(one)).slice(0, 2000)}\n`,
  )
  await send({ ...progress, findings: sent })
  if (ended) break
}
process.disconnect()
