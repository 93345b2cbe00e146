/** Compiles the text of a spec to a script. */
import { checkText } from '../../analyze.ts'
import { compileAnalysis } from '../../compile.ts'
import { nodeHost } from '../../system/nodeHost.ts'
import type { CompileQuestion } from '../calls.ts'
import type { CompiledScript } from '../protocol.ts'

/** @throws KnownError if the spec has errors. */
export async function compileSpec({ path, text, target }: CompileQuestion): Promise<CompiledScript> {
  const analysis = checkText(text, path, { host: nodeHost, isWhole: true })
  const language = target === 'js' ? 'js' : 'ts'
  const [script] = await compileAnalysis(analysis, { backend: 'auto', language, runtime: 'standalone' })
  return { fileName: script!.fileName, text: new TextDecoder().decode(script!.content) }
}
