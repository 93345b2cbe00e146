import { typescript } from './tsMorph.ts'

/** Returns a statement without its types; empty if it only declares a type. */
export function toJavaScript(statement: string): string {
  const { outputText } = typescript.transpileModule(statement, {
    compilerOptions: {
      target: typescript.ScriptTarget.ES2022,
      module: typescript.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  })
  return outputText.replace(/^export \{\};?$/m, '').trim()
}
