/** `npm run interop -- keras` and `pytorch`: compares compiled scripts, and prints a table with a row for each group of specs. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PythonTargetName } from '../../src/backends/targetNames.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { compareCases, faultOf, type CaseResult, type ComparedCases } from './compareScripts.ts'
import { datasetCases } from './datasetCases.ts'
import type { InteropOptions, InteropReport } from './interop.ts'
import { composedCases, configCases, randomCases, zooCases, type InteropCase } from './networkCases.ts'
import { pickGroups } from './pickGroups.ts'
import { pretrainedCases } from './pretrainedCases.ts'
import { findOrMakePython } from './pythons.ts'
import { trainingCases } from './trainingCases.ts'

export function compareTarget(target: PythonTargetName) {
  return async ({ python, specs, seed, only, keep }: InteropOptions): Promise<InteropReport> => {
    // Not the native engine, which is TensorFlow, as Keras may be.
    await startEngine('wasm')
    const folder = mkdtempSync(join(tmpdir(), 'shapewright-interop-files-'))
    process.on('exit', () => rmSync(folder, { recursive: true }))
    const cases: InteropCase[] = []
    for (const [, draw] of pickGroups(groupsOf(folder, specs, seed), only)) cases.push(...(await draw()))
    const compared = await compareCases(cases, target, python ?? findOrMakePython(target), keep)
    for (const [{ group, name }, reason] of compared.refused)
      process.stderr.write(`no form: ${group}, ${name}: ${reason}\n`)
    const faults = [...compared.results].flatMap(([{ group, name }, result]) => {
      const fault = faultOf(result)
      return fault === undefined ? [] : [`APART: ${group}, ${name}: ${fault}`]
    })
    return { table: printTable(compared), faults }
  }
}

type DrawCases = () => readonly InteropCase[] | Promise<readonly InteropCase[]>

/** The groups of cases; some write the files of their specs into a folder. */
function groupsOf(folder: string, specs: number, seed: number): Readonly<Record<string, DrawCases>> {
  return {
    configs: configCases,
    'configs/zoo, small inputs': zooCases,
    'blocks and repeats': () => composedCases(seed),
    'random networks': () => randomCases(specs, seed),
    ...trainingCases,
    'trained weights': () => pretrainedCases(folder),
    datasets: () => datasetCases(folder),
  }
}

function printTable({ results, refused }: ComparedCases): string {
  const groups = new Set([...results.keys(), ...refused.keys()].map(({ group }) => group))
  const rows = [...groups].map((group) => {
    const own = [...results].filter(([one]) => one.group === group).map(([, result]) => result)
    const equal = own.filter((result) => faultOf(result) === undefined).length
    const without = [...refused.keys()].filter((one) => one.group === group).length
    const worst = (['outputs', 'steps', 'logs'] as const).map((measure) => worstOf(own, measure))
    return `| ${[group, equal, own.length, without, ...worst].join(' | ')} |`
  })
  const head =
    '| specs | equal | compared | without a form | largest difference of outputs | of weights after each step | of losses and metrics |'
  return [head, `| ${Array.from({ length: 7 }, () => '---').join(' | ')} |`, ...rows].join('\n')
}

function worstOf(results: readonly CaseResult[], measure: 'outputs' | 'steps' | 'logs'): string {
  const found = results.flatMap((result) => result[measure] ?? [])
  return found.length === 0 ? '' : Math.max(...found).toExponential(1)
}
