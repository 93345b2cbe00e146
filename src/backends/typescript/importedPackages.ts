import type { ScriptBackend } from './emitOptions.ts'

/** The packages of the engines that the folder beside a script starts. */
const enginePackages: Readonly<Record<ScriptBackend, readonly string[]>> = {
  auto: ['@tensorflow/tfjs-node', '@tensorflow/tfjs-backend-wasm'],
  node: ['@tensorflow/tfjs-node'],
  wasm: ['@tensorflow/tfjs-backend-wasm'],
}

/** Returns the packages that a script imports, statically, dynamically or by the folder beside it, without Node's own modules. */
export function importedPackages(text: string, backend: ScriptBackend): string[] {
  const imports = text.matchAll(
    /^import .* from '([^']+)'$|\b(?:import|createRequire\(import\.meta\.url\))\('([^']+)'\)/gm,
  )
  const names = [...imports].flatMap(([, fixed, later]) => {
    const module = (fixed ?? later)!
    return module.startsWith('.') ? enginePackages[backend] : [packageOf(module)]
  })
  return [...new Set(names)].filter((name) => !name.startsWith('node:'))
}

/** Returns the package of a module, without a path inside it. */
function packageOf(module: string): string {
  return module.split('/', module.startsWith('@') ? 2 : 1).join('/')
}
