/** Compiles the text of a spec to a script. */
import { checkText } from '../../analyze.ts'
import { compileAnalysis } from '../../compile.ts'
import { hasErrors } from '../../diagnostics/diagnostic.ts'
import { FileLines } from '../../diagnostics/positions.ts'
import { KnownError } from '../../system/knownError.ts'
import { nodeHost } from '../../system/nodeHost.ts'
import { withTargetProblems } from '../../tasks/checkTarget.ts'
import type { CompileQuestion } from '../calls.ts'
import { isScriptTarget } from '../compileTargets.ts'
import type { CompiledScript } from '../protocol.ts'

/** @throws KnownError if the spec has errors, or a part that the target has no form for. */
export async function compileSpec({ path, text, target: name }: CompileQuestion): Promise<CompiledScript> {
  if (!isScriptTarget(name)) throw new KnownError('usage', `there is no target ${name}`, 'choose one of the list')
  const target = name === 'js' ? 'ts' : name
  const analysis = checkText(text, path, { host: nodeHost, isWhole: true })
  if (!hasErrors(analysis.diagnostics)) {
    const { diagnostics, source } = await withTargetProblems(analysis, target)
    const found = diagnostics.find(({ severity }) => severity === 'error')
    if (found !== undefined) {
      const { line } = new FileLines(path, text, source.otherTexts).range(found.span).start
      throw new KnownError('usage', `line ${line}: ${found.message}`, found.help ?? 'choose another target')
    }
  }
  const language = name === 'js' ? 'js' : 'ts'
  const [script] = await compileAnalysis(analysis, { target, backend: 'auto', language, runtime: 'standalone' })
  return { fileName: script!.fileName, text: new TextDecoder().decode(script!.content) }
}
