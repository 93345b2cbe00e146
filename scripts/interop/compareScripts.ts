/** Compares compiled Python scripts with TensorFlow.js, from the same weights: their outputs, and each step of training. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { PythonTargetName } from '../../src/backends/targetNames.ts'
import type { InteropCase } from './networkCases.ts'
import { scriptTargets } from './scriptTargets.ts'
import { writeCase } from './writeCase.ts'

/** The largest differences that count as equal: of outputs, of weights after a step, and of losses and metrics of epochs. */
export const tolerances = { outputs: 1e-5, steps: 1e-4, logs: 1e-4 } as const

type Measure = keyof typeof tolerances

/** What Python reports of a case: the largest relative differences, where each is, or an error. */
export type CaseResult = { readonly [measure in Measure]?: number } & {
  readonly where?: { readonly [measure in Measure]?: string }
  readonly error?: string
}

export interface ComparedCases {
  readonly results: ReadonlyMap<InteropCase, CaseResult>
  /** The cases that the target has no form for, and why. */
  readonly refused: ReadonlyMap<InteropCase, string>
}

/** @param keep A folder in which scripts and numbers stay; they are removed otherwise. */
export async function compareCases(
  cases: readonly InteropCase[],
  target: PythonTargetName,
  python: string,
  keep?: string,
): Promise<ComparedCases> {
  const root = keep ?? mkdtempSync(join(tmpdir(), 'shapewright-interop-'))
  const refused = new Map<InteropCase, string>()
  const folders = new Map<string, InteropCase>()
  try {
    for (const [index, one] of cases.entries()) {
      const folder = join(root, String(index))
      const reason = await writeCase(one, target, folder)
      if (reason === undefined) folders.set(folder, one)
      else refused.set(one, reason)
    }
    const results = new Map<InteropCase, CaseResult>()
    for await (const [folder, result] of runScripts(target, python, root, [...folders.keys()]))
      results.set(folders.get(folder)!, result)
    const missing = { error: 'Python ended before it' }
    return { refused, results: new Map([...folders.values()].map((one) => [one, results.get(one) ?? missing])) }
  } finally {
    if (keep === undefined) rmSync(root, { recursive: true })
  }
}

/** Runs all scripts in one process, since a framework takes seconds to import. */
async function* runScripts(
  target: PythonTargetName,
  python: string,
  root: string,
  folders: readonly string[],
): AsyncGenerator<readonly [folder: string, CaseResult]> {
  const list = join(root, 'folders')
  writeFileSync(list, folders.join('\n'))
  const program = join(import.meta.dirname, scriptTargets[target].runner)
  // Without a GPU. The networks are small: threads would only wait for each other.
  const env = { ...process.env, CUDA_VISIBLE_DEVICES: '', OMP_NUM_THREADS: '1' }
  const child = spawn(python, [program, list], { stdio: ['ignore', 'pipe', 'inherit'], env })
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue
    const { folder, ...result } = JSON.parse(line) as CaseResult & { readonly folder: string }
    yield [folder, result]
  }
}

/** Why a result is not close enough; undefined if it is. */
export function faultOf(result: CaseResult): string | undefined {
  if (result.error !== undefined) return result.error
  const measured = Object.keys(tolerances) as Measure[]
  const apart = measured.find((measure) => result[measure] !== undefined && !(result[measure] <= tolerances[measure]))
  return apart && `${apart} differ by ${result[apart]!.toExponential(1)}, ${result.where?.[apart] ?? ''}`
}
