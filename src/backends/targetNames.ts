/** The targets of `compile --target`: the language and library of a script. */

/** The targets that are Python scripts. */
const pythonTargetNames = ['keras', 'pytorch'] as const

export type PythonTargetName = (typeof pythonTargetNames)[number]

export const targetNames = ['ts', ...pythonTargetNames] as const

export type TargetName = (typeof targetNames)[number]

export function isPythonTarget(name: TargetName): name is PythonTargetName {
  return name !== 'ts'
}
