/**
 * `npm run parity -- [--specs N] [--seed S] [--seconds T] [--engine E] [--only PART]`: compares `train` with compiled
 * scripts, in one thread, on each engine that works here or on one. The parts, all by default:
 *
 * - `package`: scripts for the package give bit-identical weights, metrics and predictions on N random specs.
 * - `configs`: the standalone scripts of configs/ agree with `train`, as defined in compareScript.ts.
 * - `standalone`: the standalone scripts of N random specs agree with `train`.
 * - `accuracy`: the standalone script of MNIST reaches the test accuracy of `train` after an epoch, within 0.3 points.
 *
 * `--show I` prints the spec of a case.
 */
import { parseArgs } from 'node:util'
import { compareAccuracy } from './compareAccuracy.ts'
import { compareBackEnds, parityEngines } from './compareBackEnds.ts'
import { compareScripts, configCases, randomCases } from './compareScripts.ts'
import { drawExperiment } from './randomExperiment.ts'
import { seedOfCase } from './randomSource.ts'

const { values } = parseArgs({
  options: {
    specs: { type: 'string', default: '300' },
    seed: { type: 'string' },
    seconds: { type: 'string' },
    engine: { type: 'string' },
    only: { type: 'string' },
    show: { type: 'string' },
  },
})
const count = Number(values.specs)
const seed = values.seed === undefined ? Date.now() % 0x7fffffff : Number(values.seed)
const engines = parityEngines.filter((engine) => values.engine === undefined || values.engine === engine)
const start = Date.now()
const seconds = () => Math.round((Date.now() - start) / 1000)
const until = () => values.seconds !== undefined && seconds() > Number(values.seconds)

/** The parts. Each prints its findings, and returns whether everything is equal. */
const parts: Readonly<Record<string, () => Promise<boolean>>> = {
  package: comparePackage,
  configs: () => compareStandalone('configs/', configCases()),
  standalone: () => compareStandalone(`seed ${seed}`, randomCases(count, seed)),
  accuracy: compareBoth,
}

async function comparePackage(): Promise<boolean> {
  const { specs, failures, explained, layerTypes, absent, findings } = await compareBackEnds(
    count,
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
  console.log(
    `package scripts, seed ${seed}: ${listCounts(specs)}, ${layerTypes.size} layer factories, ${findings.length} differences, ${failures.length} failures, ${seconds()} s`,
  )
  return findings.length + failures.length === 0
}

async function compareStandalone(title: string, cases: Parameters<typeof compareScripts>[0]): Promise<boolean> {
  const { compared, features, apart, skipped, findings } = await compareScripts(cases, until, engines)
  for (const { spec, engine, text, difference } of findings)
    console.log(`standalone script of ${spec} on ${engine}\n${text}\n${difference}\n`)
  for (const [reason, times] of skipped) console.log(`not compared, ${times} times: ${reason}`)
  console.log(`among them ${listCounts(features)}`)
  console.log(
    `standalone scripts, ${title}: ${listCounts(compared)}, ${findings.length} differ, ${apart} free runs apart by rounding, ${seconds()} s`,
  )
  return findings.length === 0
}

async function compareBoth(): Promise<boolean> {
  let isEqual = true
  for (const engine of engines) {
    const { absent, train, script } = await compareAccuracy(engine)
    if (absent !== undefined) console.log(`no accuracy on ${engine}: ${absent}`)
    else console.log(`MNIST after one epoch on ${engine}: ${train} by train, ${script} by the script, ${seconds()} s`)
    isEqual &&= absent !== undefined || Math.abs(train - script) <= 0.003
  }
  return isEqual
}

function listCounts(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, times]) => `${times} ${name}`).join(', ')
}

if (engines.length === 0) throw new RangeError(`--engine is one of ${parityEngines.join(', ')}`)
if (values.show !== undefined) console.log(drawExperiment(seedOfCase(seed, Number(values.show))).text)
else {
  const chosen = values.only === undefined ? Object.values(parts) : [parts[values.only]]
  for (const part of chosen) {
    if (part === undefined) throw new RangeError(`--only is one of ${Object.keys(parts).join(', ')}`)
    if (!(await part())) process.exitCode = 1
  }
}
