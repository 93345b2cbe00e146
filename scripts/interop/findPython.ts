/** Finds a Python that can import the packages of a framework. */
import { spawnSync } from 'node:child_process'

/** The Python of the variable TORCH_PYTHON, or `python3`; undefined if it lacks a package. */
export function findPython(packages: readonly string[]): string | undefined {
  const python = process.env['TORCH_PYTHON'] ?? 'python3'
  const { status } = spawnSync(python, ['-c', `import ${packages.join(', ')}`], { stdio: 'ignore' })
  return status === 0 ? python : undefined
}
