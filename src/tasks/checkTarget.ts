/** Checks what a script for a target of `compile` cannot contain. */
import type { Analysis } from '../analyze.ts'
import { findPretrainedProblems } from '../backends/python/pretrained.ts'
import { isPythonTarget, type TargetName } from '../backends/targetNames.ts'
import { pythonTargets } from '../backends/targets.ts'
import { hasErrors } from '../diagnostics/diagnostic.ts'
import { describeUses } from '../diagnostics/mergeUses.ts'
import { lowerGraph } from '../program/lowerGraph.ts'
import { reportAt } from '../source/report.ts'

/** Adds a diagnostic for each part of a spec without errors that the target has no form for. */
export async function withTargetProblems(analysis: Analysis, target: TargetName): Promise<Analysis> {
  const { source, spec, shaped, diagnostics } = analysis
  if (!isPythonTarget(target) || hasErrors(diagnostics) || !shaped.complete) return analysis
  const { findProblems } = await pythonTargets[target]()
  const problems = [...findProblems(analysis, lowerGraph(spec, shaped)), ...findPretrainedProblems(spec)]
  const found = problems.map(({ path, message, help }) =>
    describeUses(
      reportAt(source, 'target/no-form', path, `no script for ${target} can contain this: ${message}`, { help }),
    ),
  )
  return found.length === 0 ? analysis : { ...analysis, diagnostics: [...diagnostics, ...found] }
}
