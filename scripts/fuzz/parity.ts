/**
 * `npm run parity`: compares `train` with compiled scripts, in one thread, on each engine that works here or on one.
 * What is equal is defined in compareScript.ts.
 */
import { compareAccuracy } from './compareAccuracy.ts'
import { compareBackEnds, parityEngines } from './compareBackEnds.ts'
import { compareScripts, configCases, randomCases } from './compareScripts.ts'
import { listChoices, readOptions } from '../options.ts'
import { drawExperiment } from './randomExperiment.ts'
import { seedOfCase } from './randomSource.ts'

interface Part {
  readonly help: string
  /** Prints the findings, and returns whether everything is equal. */
  readonly compare: () => Promise<boolean>
}

const parts: Readonly<Record<string, Part>> = {
  package: {
    help: 'scripts for the package give bit-identical weights, metrics and predictions on random specs',
    compare: comparePackage,
  },
  configs: {
    help: 'the standalone scripts of configs/ agree with `train`',
    compare: () => compareStandalone('configs/', configCases()),
  },
  standalone: {
    help: 'the standalone scripts of random specs agree with `train`',
    compare: () => compareStandalone(`seed ${seed}`, randomCases(count, seed)),
  },
  accuracy: {
    help: 'the standalone script of MNIST reaches the test accuracy of `train` after an epoch, within 0.3 points',
    compare: compareBoth,
  },
}

const { values } = readOptions({
  command: 'parity',
  about: `Compares \`train\` with compiled scripts, in one thread. The parts, all by default:\n\n${listChoices(parts)}`,
  options: {
    specs: { kind: 'number', value: 'N', default: 300, help: 'the number of random specs' },
    seed: { kind: 'number', value: 'S', help: 'draws the same specs again' },
    seconds: { kind: 'number', value: 'T', help: 'begins no spec after this time' },
    engine: { kind: 'text', choices: parityEngines, help: 'compares on one engine' },
    only: { kind: 'text', value: 'PART', choices: Object.keys(parts), help: 'compares one part' },
    show: { kind: 'number', value: 'I', help: 'prints the spec of a case' },
  },
})
const { specs: count, seed = Date.now() % 0x7fffffff } = values
const engines = parityEngines.filter((engine) => values.engine === undefined || values.engine === engine)
const start = Date.now()
const seconds = () => Math.round((Date.now() - start) / 1000)
const until = () => values.seconds !== undefined && seconds() > values.seconds

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

if (values.show !== undefined) console.log(drawExperiment(seedOfCase(seed, values.show)).text)
else {
  for (const [name, { compare }] of Object.entries(parts))
    if (name === (values.only ?? name) && !(await compare())) process.exitCode = 1
}
