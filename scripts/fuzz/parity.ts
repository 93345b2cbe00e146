/**
 * `npm run parity -- --specs N [--seed S] [--seconds T] [--engine E]`: trains random specs over all layer types by `train` and
 * by their scripts, on each engine that works here or on one. Scripts for the package must give the same bits: weights,
 * metrics and predictions. Standalone scripts, those of configs/ among them, must agree step by step. `--show I` prints
 * the spec of a case.
 */
import { parseArgs } from 'node:util'
import { compareBackEnds, parityEngines } from './compareBackEnds.ts'
import { compareScripts } from './compareScripts.ts'
import { drawExperiment } from './randomExperiment.ts'
import { seedOfCase } from './randomSource.ts'

const { values } = parseArgs({
  options: {
    specs: { type: 'string' },
    seed: { type: 'string' },
    seconds: { type: 'string' },
    engine: { type: 'string' },
    show: { type: 'string' },
  },
})
const seed = values.seed === undefined ? Date.now() % 0x7fffffff : Number(values.seed)
const start = Date.now()

if (values.show !== undefined) console.log(drawExperiment(seedOfCase(seed, Number(values.show))).text)
else {
  const until = () => values.seconds !== undefined && Date.now() - start > 1000 * Number(values.seconds)
  const engines = parityEngines.filter((engine) => values.engine === undefined || values.engine === engine)
  if (engines.length === 0) throw new RangeError(`--engine is one of ${parityEngines.join(', ')}`)
  const { specs, failures, explained, layerTypes, absent, findings } = await compareBackEnds(
    Number(values.specs ?? 300),
    seed,
    until,
    engines,
  )
  for (const { index, engine, text, interpreted, compiled } of findings)
    console.log(`spec ${index} on ${engine}\n${text}\ninterpreted: ${interpreted}\ncompiled:    ${compiled}\n`)
  for (const { index, engine, text, message } of failures)
    console.log(`spec ${index} on ${engine}, checked and not trained\n${text}\n${message}\n`)
  for (const [reason, times] of explained) console.log(`failed both ways, ${times} times: ${reason}`)
  for (const [engine, reason] of absent) console.log(`not compared on ${engine}: ${reason}`)
  const counts = [...specs].map(([engine, count]) => `${count} specs on ${engine}`).join(', ')
  const seconds = Math.round((Date.now() - start) / 1000)
  console.log(
    `seed ${seed}: ${counts}, ${layerTypes.size} layer factories, ${findings.length} differences, ${failures.length} failures, ${seconds} s`,
  )
  const scripts = await compareScripts(Number(values.specs ?? 300), seed, until, engines)
  for (const { spec, engine, text, differences: found } of scripts.findings)
    console.log(`standalone script of ${spec} on ${engine}\n${text}\n${found.join('\n')}\n`)
  for (const [reason, times] of scripts.skipped) console.log(`not compared, ${times} times: ${reason}`)
  console.log(`${scripts.compared} standalone scripts compared, ${scripts.findings.length} differ`)
  process.exitCode = findings.length + failures.length + scripts.findings.length > 0 ? 1 : 0
}
