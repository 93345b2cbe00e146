/**
 * `npm run fuzz -- --specs N [--seed S]`: random specs, on which the checker and tf.layers must say the same.
 * `npm run fuzz -- --texts N [--seed S]`: mutated texts, on which the checker must answer soon and within the text;
 * `--jobs J` shares them among processes.
 * `--seconds T` ends either early; `--show I` prints the spec of a case, `--show-text I` the text of one.
 */
import { parseArgs } from 'node:util'
import { fuzzSpecs } from './fuzzSpecs.ts'
import { drawTexts } from './fuzzTexts.ts'
import { seedOfCase } from './randomSource.ts'
import { drawSpec } from './randomSpec.ts'
import { runTextFuzz } from './runTextFuzz.ts'
import { tellDifference } from './tellDifference.ts'

const { values } = parseArgs({
  options: {
    specs: { type: 'string' },
    texts: { type: 'string' },
    seed: { type: 'string' },
    seconds: { type: 'string' },
    jobs: { type: 'string', default: '1' },
    show: { type: 'string' },
    'show-text': { type: 'string' },
  },
})
const seed = values.seed === undefined ? Date.now() % 0x7fffffff : Number(values.seed)
const start = Date.now()
const until = () => values.seconds !== undefined && Date.now() - start > 1000 * Number(values.seconds)
const seconds = () => `${Math.round((Date.now() - start) / 1000)} s`

if (values.show !== undefined) console.log(drawSpec(seedOfCase(seed, Number(values.show))).text)
else if (values['show-text'] !== undefined) process.stdout.write(drawTexts(seed)(Number(values['show-text'])))
else if (values.texts !== undefined) {
  const run = {
    count: Number(values.texts),
    seed,
    jobs: Number(values.jobs),
    seconds: Number(values.seconds ?? Infinity),
  }
  process.exitCode = (await runTextFuzz(run)) > 0 ? 1 : 0
} else {
  const count = Number(values.specs ?? 1000)
  const { specs, acceptedLayers, refusedLayers, runs, faults, findings } = await fuzzSpecs(count, seed, until)
  for (const finding of findings) console.log(tellDifference(finding))
  for (const [reason, times] of faults) console.log(`known, ${times} times: the engine ${reason}`)
  const counts = `${specs} specs, ${acceptedLayers} layers accepted and ${refusedLayers} refused, ${runs} networks run`
  console.log(`seed ${seed}: ${counts}, ${findings.length} unexplained differences, ${seconds()}`)
  process.exitCode = findings.length > 0 ? 1 : 0
}
