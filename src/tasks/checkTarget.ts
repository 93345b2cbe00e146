/** Checks what a script for a target of `compile` cannot contain. */
import type { Analysis } from '../analyze.ts'
import { findPretrainedProblems } from '../backends/python/pretrained.ts'
import type { TargetProblem } from '../backends/pythonTarget.ts'
import { isPythonTarget, type TargetName } from '../backends/targetNames.ts'
import { pythonTargets } from '../backends/targets.ts'
import { hasErrors } from '../diagnostics/diagnostic.ts'
import { describeUses } from '../diagnostics/mergeUses.ts'
import { lowerGraph } from '../program/lowerGraph.ts'
import { reportAt } from '../source/report.ts'
import type { Spec } from '../validation/spec.ts'

/** The trained weights of a spec, which the scripts of some targets do not take from it. */
function problemsOfWeights({ weights }: Spec): TargetProblem[] {
  if (weights === undefined) return []
  const message =
    'it starts from its initial weights, or from those of all layers in the file of its option `--weights`'
  return [{ path: ['weights'], message, help: 'compile to TypeScript, or remove `weights`' }]
}

/** Adds a diagnostic for each part of a spec without errors that the target has no form for. */
export async function withTargetProblems(analysis: Analysis, target: TargetName): Promise<Analysis> {
  const { source, spec, shaped, diagnostics } = analysis
  if (!isPythonTarget(target) || hasErrors(diagnostics) || !shaped.complete) return analysis
  const { findProblems, lacksPretrained } = await pythonTargets[target]()
  const ofWeights = lacksPretrained === true ? problemsOfWeights(spec) : findPretrainedProblems(spec)
  const problems = [...findProblems(analysis, lowerGraph(spec, shaped)), ...ofWeights]
  const found = problems.map(({ path, message, help }) =>
    describeUses(
      reportAt(source, 'target/no-form', path, `no script for ${target} can contain this: ${message}`, { help }),
    ),
  )
  return found.length === 0 ? analysis : { ...analysis, diagnostics: [...diagnostics, ...found] }
}
