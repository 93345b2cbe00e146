/**
 * `npm run interop -- keras [--python PATH] [--specs N] [--seed S] [--only GROUP] [--write]`: compares compiled Python
 * scripts with TensorFlow.js, from the same weights: their outputs, within 1e-5 of the norm, and the weights after three
 * steps of training, within 1e-4. Without `--python`, it makes an environment below node_modules/.cache. `--write` puts
 * the table into docs/interop.md.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { composedCases, experimentCases, publishedCases, randomCases, type InteropCase } from './interopCases.ts'
import { pretrainedCases } from './pretrainedCases.ts'
import { writeCase } from './writeCase.ts'

export const tolerances = { outputs: 1e-5, steps: 1e-4 } as const

interface CaseResult {
  readonly outputs?: number
  readonly steps?: number
  readonly error?: string
}

/** What is installed into an environment for a target. */
const packages = { keras: ['keras', 'tensorflow-cpu', 'pillow'] } as const

type Target = keyof typeof packages

const runners: Readonly<Record<Target, string>> = { keras: 'runKeras.py' }

/** Compares cases with a target; returns the results and the reasons for cases that it has no form for. */
export async function compareCases(cases: readonly InteropCase[], target: Target, python: string) {
  const root = mkdtempSync(join(tmpdir(), 'shapewright-interop-'))
  const refused = new Map<InteropCase, string>()
  const folders = new Map<string, InteropCase>()
  try {
    for (const [number, one] of cases.entries()) {
      const folder = join(root, String(number))
      const reason = await writeCase(one, target, folder)
      if (reason === undefined) folders.set(folder, one)
      else refused.set(one, reason)
    }
    const list = join(root, 'folders')
    writeFileSync(list, [...folders.keys()].join('\n'))
    const runner = join(import.meta.dirname, runners[target])
    const output = execFileSync(python, [runner, list], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, CUDA_VISIBLE_DEVICES: '' },
      maxBuffer: 1 << 28,
    })
    const results = JSON.parse(output.trim().split('\n').at(-1)!) as Readonly<Record<string, CaseResult>>
    return { refused, results: new Map([...folders].map(([folder, one]) => [one, results[folder]!])) }
  } finally {
    rmSync(root, { recursive: true })
  }
}

/** Why a result is not close enough; undefined if it is. */
export function faultOf({ outputs, steps, error }: CaseResult): string | undefined {
  if (error !== undefined) return error
  if (!(outputs! <= tolerances.outputs)) return `outputs differ by ${outputs!.toExponential(1)}`
  return steps !== undefined && !(steps <= tolerances.steps) ? `weights differ by ${steps.toExponential(1)}` : undefined
}

export async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      python: { type: 'string' },
      specs: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      write: { type: 'boolean' },
    },
  })
  const target = positionals[0] as Target
  if (!Object.hasOwn(packages, target)) throw new RangeError(`name a target: ${Object.keys(packages).join(', ')}`)
  await startEngine('auto')
  const seed = Number(values.seed)
  const folder = mkdtempSync(join(tmpdir(), 'shapewright-weights-'))
  process.on('exit', () => rmSync(folder, { recursive: true }))
  const all = [
    ...publishedCases(),
    ...composedCases(seed),
    ...randomCases(Number(values.specs), seed),
    ...experimentCases(),
    ...(await pretrainedCases(folder)),
  ]
  const cases = all.filter(({ group }) => values.only === undefined || group === values.only)
  const { refused, results } = await compareCases(cases, target, values.python ?? makeEnvironment(target))
  for (const [{ group, name }, reason] of refused) console.log(`no form: ${group}, ${name}: ${reason}`)
  for (const [{ group, name }, result] of results) {
    const fault = faultOf(result)
    if (fault === undefined) continue
    console.log(`APART: ${group}, ${name}: ${fault}`)
    process.exitCode = 1
  }
  const table = printTable(results, refused)
  console.log(table)
  if (values.write === true) writeTable(target, table)
}

export function makeEnvironment(target: Target): string {
  const folder = resolve('node_modules/.cache/interop', target)
  const python = join(folder, 'bin/python')
  if (existsSync(python)) return python
  process.stderr.write(`installing ${packages[target].join(', ')} into ${folder}\n`)
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' })
  execFileSync(python, ['-m', 'pip', 'install', '-q', ...packages[target]], { stdio: 'inherit' })
  return python
}

function printTable(results: ReadonlyMap<InteropCase, CaseResult>, refused: ReadonlyMap<InteropCase, string>): string {
  const groups = new Set([...results.keys(), ...refused.keys()].map(({ group }) => group))
  const rows = [...groups].map((group) => {
    const own = [...results].filter(([one]) => one.group === group).map(([, result]) => result)
    const equal = own.filter((result) => faultOf(result) === undefined).length
    const without = [...refused.keys()].filter((one) => one.group === group).length
    const cells = [
      group,
      String(equal),
      String(own.length),
      String(without),
      worstOf(own, 'outputs'),
      worstOf(own, 'steps'),
    ]
    return `| ${cells.join(' | ')} |`
  })
  const head =
    '| specs | equal | compared | without a form | largest difference of outputs | of weights after 3 steps |'
  return [head, '| --- | --- | --- | --- | --- | --- |', ...rows].join('\n')
}

function worstOf(results: readonly CaseResult[], what: 'outputs' | 'steps'): string {
  const found = results.flatMap((result) => (result.error === undefined ? (result[what] ?? []) : []))
  return found.length === 0 ? '' : Math.max(...found).toExponential(1)
}

/** Puts a table into docs/interop.md, between the marks with its name. */
export function writeTable(target: string, table: string): void {
  const file = 'docs/interop.md'
  const marks = new RegExp(String.raw`(<!-- table of ${target} -->\n\n)[^]*?(\n\n<!-- end of table -->)`)
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(marks, (_all, start: string, end: string) => `${start}${table}${end}`),
  )
}
