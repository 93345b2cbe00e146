/** `npm run fuzz`: random specs, texts, scripts, gradients and model files; each option of `--help` is one of them. */
import { fuzzComposed } from './composed/fuzzComposed.ts'
import { fuzzGradients, startEngines } from './fuzzGradients.ts'
import { fuzzImports } from './imports/fuzzImports.ts'
import { fuzzInProcesses } from './fuzzInProcesses.ts'
import { fuzzScripts } from './fuzzScripts.ts'
import { readOptions } from '../options.ts'
import type { SpecFuzz } from './fuzzSpecs.ts'
import { drawTexts } from './fuzzTexts.ts'
import { seedOfCase } from './randomSource.ts'
import { drawSpec } from './randomSpec.ts'
import { runTextFuzz } from './runTextFuzz.ts'
import { printCounts, printDifference, printGradients } from './printFindings.ts'

const { values } = readOptions({
  command: 'fuzz',
  about: 'Draws cases of one kind at random and looks for faults.',
  options: {
    specs: {
      kind: 'number',
      value: 'N',
      help: 'specs, on which the checker and tf.layers must agree (1,000 by default)',
    },
    texts: { kind: 'number', value: 'N', help: 'changed texts: checked fast, with positions inside of the text' },
    scripts: { kind: 'number', value: 'N', help: 'hostile texts in programs: scripts with the harmless syntax tree' },
    gradients: {
      kind: 'number',
      value: 'N',
      help: 'layers, whose gradients must equal those of numerical differentiation',
    },
    composed: { kind: 'number', value: 'N', help: 'composed specs, which must mean the same as their plain specs' },
    imports: { kind: 'number', value: 'N', help: 'damaged model files: imported, or an error with a code' },
    type: { kind: 'text', value: 'TYPE,…', help: 'the layer types of --gradients' },
    seed: { kind: 'number', value: 'S', help: 'draws the same cases again' },
    from: { kind: 'number', value: 'I', default: 0, help: 'starts with this case' },
    jobs: { kind: 'number', value: 'J', default: 1, help: 'the number of processes for --specs and --texts' },
    seconds: { kind: 'number', value: 'T', help: 'begins no case after this time' },
    show: { kind: 'number', value: 'I', help: 'prints a spec' },
    showText: { kind: 'number', value: 'I', help: 'prints a text' },
  },
})
const { from, jobs, seed = Date.now() % 0x7fffffff, seconds: limit = Infinity } = values
const start = Date.now()
const end = start + 1000 * limit
const seconds = () => `${Math.round((Date.now() - start) / 1000)} s`

if (values.show !== undefined) console.log(drawSpec(seedOfCase(seed, values.show)).text)
else if (values.showText !== undefined) process.stdout.write(drawTexts(seed)(values.showText))
else if (values.texts !== undefined) {
  const run = { count: values.texts, seed, jobs, seconds: limit }
  process.exitCode = (await runTextFuzz(run)) > 0 ? 1 : 0
} else if (values.scripts !== undefined) await fuzzManyScripts(values.scripts)
else if (values.gradients !== undefined) await fuzzLayerGradients(values.gradients)
else if (values.imports !== undefined) await fuzzManyImports(values.imports)
else if (values.composed !== undefined) await fuzzManyComposed(values.composed)
else await fuzzManySpecs(values.specs ?? 1000)

async function fuzzLayerGradients(count: number): Promise<void> {
  const { engines, missing } = await startEngines()
  for (const line of missing) console.log(line)
  const { counts, findings } = await fuzzGradients({
    count,
    seed,
    engines,
    ...(values.type !== undefined && { types: values.type.split(',') }),
    until: () => Date.now() > end,
    onFinding: (finding) => console.log(printGradients(finding)),
  })
  for (const line of printCounts(counts)) console.log(line)
  const layers = [...counts.values()].reduce((sum, { trials }) => sum + trials, 0)
  console.log(`seed ${seed}, on ${engines.join(', ')}: ${layers} layers, ${findings.length} differences, ${seconds()}`)
  process.exitCode = findings.length > 0 ? 1 : 0
}

async function fuzzManySpecs(count: number): Promise<void> {
  let printed = 0
  const printNew = (sum: SpecFuzz) => {
    for (const finding of sum.findings.slice(printed)) console.log(printDifference(finding, seed))
    printed = sum.findings.length
    console.error(`${sum.specs} specs, ${printed} unexplained differences, ${seconds()}`)
  }
  const range = { from, to: from + count }
  const sum = await fuzzInProcesses(range, seed, {
    jobs,
    end,
    onProgress: printNew,
  })
  const faults = Object.entries(sum.faults).toSorted((a, b) => b[1] - a[1])
  for (const [reason, times] of faults) console.log(`known, ${times} times: the engine ${reason}`)
  const layers = `${sum.acceptedLayers} layers accepted and ${sum.refusedLayers} refused`
  const speed = `${Math.round(sum.cpuSeconds)} s of CPU, ${Math.round(sum.specs / sum.cpuSeconds)} specs a second of it`
  const counts = `${sum.specs} specs, ${layers}, ${sum.runs} networks run, ${sum.findings.length} unexplained differences`
  console.log(`seed ${seed}: ${counts}, ${seconds()}, ${speed}`)
  process.exitCode = sum.findings.length > 0 ? 1 : 0
}

async function fuzzManyComposed(count: number): Promise<void> {
  // Warnings of TensorFlow.js would appear between the lines of the report.
  console.warn = () => {}
  const range = { from, to: from + count }
  const { specs, broken, compared, built, trained, findings } = await fuzzComposed(range, seed, () => Date.now() < end)
  for (const { index, text, problem } of findings) {
    console.log(`${problem}\nnpm run fuzz -- --composed 1 --seed ${seed} --from ${index}\n${text}`)
  }
  const mistakes = `${broken} with a mistake, of which ${compared} were compared with their plain spec`
  const networks = `${built} networks built and ${trained} trained`
  const { user, system } = process.cpuUsage()
  const cost = `${Math.round((user + system) / 1e6)} s of CPU`
  console.log(`seed ${seed}: ${specs} specs, ${mistakes}, ${networks}, ${findings.length} differences, ${cost}`)
  process.exitCode = findings.length > 0 ? 1 : 0
}

async function fuzzManyImports(count: number): Promise<void> {
  const { cases, outcomes, findings, slowest, memory } = await fuzzImports({
    from,
    count,
    seed,
    end,
    onFinding: (index, problem) =>
      console.log(`npm run fuzz -- --imports 1 --seed ${seed} --from ${index}: ${problem}\n`),
  })
  for (const [format, counts] of outcomes) {
    console.log(`${format}: ${[...counts].map(([outcome, times]) => `${times} ${outcome}`).join(', ')}`)
  }
  const most = `the slowest ${slowest.toFixed(2)} s of CPU, the most ${memory.toFixed(0)} MB`
  console.log(`seed ${seed}: ${cases} files, ${findings} findings, ${most}, ${seconds()}`)
  process.exitCode = findings > 0 ? 1 : 0
}

async function fuzzManyScripts(count: number): Promise<void> {
  let done = 0
  let found = 0
  for await (const { scripts, findings } of fuzzScripts(count, seed, from)) {
    for (const { index, problem } of findings)
      console.log(`npm run fuzz -- --scripts 1 --seed ${seed} --from ${index}: ${problem}`)
    done = scripts
    found += findings.length
    if (scripts % 10_000 === 0) console.error(`${scripts} scripts, ${found} findings, ${seconds()}`)
    if (Date.now() > end) break
  }
  const { user, system } = process.cpuUsage()
  console.log(`seed ${seed}: ${done} scripts, ${found} findings, ${Math.round((user + system) / 1e6)} s of CPU`)
  process.exitCode = found > 0 ? 1 : 0
}
