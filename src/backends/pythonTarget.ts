/** What a Python back end of `compile --target` provides. */
import type { Analysis } from '../analyze.ts'
import type { Path } from '../diagnostics/diagnostic.ts'
import type { Program } from '../program/program.ts'
import type { PythonScript } from './python/printScript.ts'
import type { ScriptOrigin } from './typescript/emitOptions.ts'

/** A part of the spec that the target has no form for. */
export interface TargetProblem {
  /** The place in the spec. */
  readonly path: Path
  /** What has no form, and why. */
  readonly message: string
  readonly help: string
}

export type AnalyzedNetwork = Pick<Analysis, 'spec' | 'shaped'>

export interface PythonTarget {
  findProblems(network: AnalyzedNetwork, program: Program): readonly TargetProblem[]
  /** Prints the script for a spec without problems. */
  print(network: AnalyzedNetwork, program: Program, origin: ScriptOrigin): PythonScript
}
