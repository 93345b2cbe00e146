/** Finds a Python with a framework, or makes an environment with one. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

interface Framework {
  /** The environment variables that name a Python with the framework, of which the first that is set counts. */
  readonly variables: readonly string[]
  /** Modules that this Python must have; one of several, where they are alternatives. */
  readonly modules: readonly (readonly string[])[]
  /** What pip installs into an environment. */
  readonly packages: readonly string[]
}

const frameworks = {
  keras: {
    // Keras computes on PyTorch as well, so one Python may have both.
    variables: ['KERAS_PYTHON', 'TORCH_PYTHON'],
    modules: [['keras'], ['tensorflow', 'jax', 'torch'], ['numpy'], ['safetensors']],
    packages: ['keras', 'tensorflow-cpu', 'pillow', 'safetensors'],
  },
  pytorch: {
    variables: ['TORCH_PYTHON'],
    modules: [['torch'], ['numpy'], ['safetensors']],
    packages: ['torch', 'numpy', 'pillow', 'safetensors'],
  },
  onnx: {
    variables: ['TORCH_PYTHON'],
    modules: [['onnx'], ['onnxruntime'], ['numpy']],
    packages: ['onnx', 'onnxruntime', 'numpy'],
  },
} as const satisfies Readonly<Record<string, Framework>>

export type FrameworkName = keyof typeof frameworks

/** Returns the Python that a variable of the framework names, or `python3`; undefined if it lacks the framework. */
function findPython(framework: FrameworkName): string | undefined {
  const { variables, modules } = frameworks[framework]
  const python = variables.map((name) => process.env[name]).find((path) => path !== undefined) ?? 'python3'
  // A framework takes seconds to import, so it is only looked up.
  const program = `
import sys
from importlib.util import find_spec
sys.exit(not all(any(map(find_spec, names.split("|"))) for names in sys.argv[1:]))`
  const names = modules.map((alternatives) => alternatives.join('|'))
  const { status } = spawnSync(python, ['-c', program, ...names], { stdio: 'ignore' })
  return status === 0 ? python : undefined
}

/** Finds a Python for tests, and reports that they are skipped without it. */
export function findPythonForTests(framework: FrameworkName): string | undefined {
  const python = findPython(framework)
  if (python === undefined)
    process.stderr.write(`${framework}: SKIPPED, no Python has it (${frameworks[framework].variables[0]} names one)\n`)
  return python
}

/** Finds a Python, or makes one below node_modules/.cache. */
export function findOrMakePython(framework: FrameworkName): string {
  const folder = resolve('node_modules/.cache/interop', framework)
  const made = resolve(folder, 'bin/python')
  const found = findPython(framework) ?? (existsSync(made) ? made : undefined)
  if (found !== undefined) return found
  const { packages } = frameworks[framework]
  process.stderr.write(`installing ${packages.join(', ')} into ${folder}\n`)
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' })
  execFileSync(made, ['-m', 'pip', 'install', '-q', ...packages], { stdio: 'inherit' })
  return made
}
