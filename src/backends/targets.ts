/** The Python back ends of `compile --target`, each loaded when it is used. */
import type { PythonTarget } from './pythonTarget.ts'
import type { PythonTargetName } from './targetNames.ts'

export const pythonTargets: Readonly<Record<PythonTargetName, () => Promise<PythonTarget>>> = {
  keras: async () => (await import('./keras/kerasTarget.ts')).kerasTarget,
  pytorch: async () => (await import('./pytorch/pytorchTarget.ts')).pytorchTarget,
}
