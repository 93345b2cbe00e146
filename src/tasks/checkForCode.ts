/** Makes the check that finds diagnostics of a code, for the pages of diagnostics. */
import type { Analysis } from '../analyze.ts'
import { factsOf, type DiagnosticCode } from '../diagnostics/codes.ts'

/** Adds to an analysis what only another check finds. */
export async function checkForCode(code: DiagnosticCode, analysis: Analysis): Promise<Analysis> {
  switch (factsOf(code).foundIn) {
    case 'samples': {
      const { checkData } = await import('./checkData/checkData.ts')
      return await checkData(analysis)
    }
    case 'target': {
      const { withTargetProblems } = await import('./checkTarget.ts')
      return await withTargetProblems(analysis, 'keras')
    }
    default:
      return analysis
  }
}
