/** The targets of the compile view: those of `compile --target`, and JavaScript besides TypeScript. */
import type { TargetName } from '../backends/targetNames.ts'
import type { CompileTarget } from './protocol.ts'

const labels = {
  ts: 'TypeScript',
  js: 'JavaScript',
  keras: 'Python: Keras',
  pytorch: 'Python: PyTorch',
} as const satisfies Readonly<Record<TargetName | 'js', string>>

export type ScriptTarget = keyof typeof labels

export const compileTargets: readonly CompileTarget[] = Object.entries(labels).map(([name, label]) => ({ name, label }))

export function isScriptTarget(name: string): name is ScriptTarget {
  return Object.hasOwn(labels, name)
}
