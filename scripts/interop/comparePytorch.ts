/** Compares compiled PyTorch scripts with TensorFlow.js: outputs from handed-over weights, and weights after training. */
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { structureOf } from '../../src/compose/composedSource.ts'
import { checkText, type Analysis } from '../../src/analyze.ts'
import { networkOf, pytorchTarget } from '../../src/backends/pytorch/pytorchTarget.ts'
import { hasErrors } from '../../src/diagnostics/diagnostic.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { nodeHost } from '../../src/system/nodeHost.ts'
import { writeOutputs, writeTraining, type InteropCase } from './prepareCase.ts'

export interface Comparison {
  readonly name: string
  readonly kind: InteropCase['kind']
  /** The largest relative difference; undefined if the script failed. */
  readonly difference?: number
  /** The error of the script, or the value that differs most. */
  readonly note: string
}

/** The largest relative difference that counts as equal. */
export const tolerances: Readonly<Record<InteropCase['kind'], number>> = { outputs: 1e-5, training: 1e-4 }

export function isEqual({ kind, difference }: Comparison): boolean {
  return difference !== undefined && difference <= tolerances[kind]
}

export interface PreparedCases {
  readonly folders: ReadonlyMap<string, InteropCase>
  /** The reasons why PyTorch cannot compute a spec. */
  readonly refused: readonly string[]
}

/** Writes cases to folders until `count` of them can be compared. Specs with errors are left out. */
export async function prepareCases(
  cases: Iterable<InteropCase>,
  count: number,
  folder: string,
): Promise<PreparedCases> {
  const folders = new Map<string, InteropCase>()
  const refused: string[] = []
  for (const each of cases) {
    if (folders.size >= count) break
    const analysis = checkText(each.text, 'net.yaml', { host: nodeHost })
    if (hasErrors(analysis.diagnostics) || !analysis.shaped.complete) continue
    const [problem] = pytorchTarget.findProblems(analysis, lowerGraph(analysis.spec, analysis.shaped))
    if (problem !== undefined) refused.push(`${each.name}: ${problem.message}`)
    // A random width differs from run to run.
    if (problem !== undefined || /randomWidth/.test(each.text)) continue
    const own = join(folder, `${each.kind}-${folders.size}`)
    if (await writeCase(each, analysis, own)) folders.set(own, each)
  }
  return { folders, refused }
}

async function writeCase(each: InteropCase, analysis: Analysis, folder: string): Promise<boolean> {
  mkdirSync(folder, { recursive: true })
  const program = lowerGraph(analysis.spec, analysis.shaped)
  const { network, logits } = networkOf(analysis, program)
  let facts: object
  if (each.kind === 'outputs') {
    if (!(await writeOutputs(analysis, folder))) return false
    facts = {
      inputs: network.inputs.length,
      outputs: network.outputs.length,
      moved: network.inputs.map(({ layout }) => layout === 'moved'),
      activations: network.outputs.map((name) => logits.get(name) ?? 'linear'),
    }
  } else {
    const logs = await writeTraining(analysis, folder)
    facts = { arguments: ['--device', 'cpu'], logs }
  }
  writeFileSync(join(folder, 'case.json'), JSON.stringify(facts))
  writeFileSync(join(folder, 'spec.yaml'), each.text)
  const origin = { specFile: 'net.yaml', specText: each.text, version: '0', structure: structureOf(analysis.source) }
  writeFileSync(join(folder, 'script.py'), pytorchTarget.print(analysis, program, origin).text)
  return true
}

/** Runs the scripts of prepared cases in one process of Python. */
export async function* comparePytorch(python: string, { folders }: PreparedCases): AsyncGenerator<Comparison> {
  if (folders.size === 0) return
  const runner = fileURLToPath(new URL('pytorch.py', import.meta.url))
  // The networks are small: threads would only wait for each other.
  const env = { ...process.env, OMP_NUM_THREADS: '1' }
  const child = spawn(python, [runner, ...folders.keys()], { stdio: ['ignore', 'pipe', 'inherit'], env })
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue
    const result = JSON.parse(line) as Record<string, string | number>
    const { name, kind } = folders.get(String(result['folder']))!
    const difference = result['outputs'] ?? result['training']
    yield {
      name,
      kind,
      note: String(result['error'] ?? result['worst'] ?? ''),
      ...(typeof difference === 'number' && { difference }),
    }
  }
}
