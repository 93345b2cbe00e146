/** Returns the packages that a script imports, statically or dynamically, without Node's own modules. */
export function importedPackages(text: string): string[] {
  const imports = text.matchAll(
    /^import .* from '([^']+)'$|\b(?:import|createRequire\(import\.meta\.url\))\('([^']+)'\)/gm,
  )
  const names = [...imports].flatMap(([statement, fixed, later]) => packagesOf((fixed ?? later)!, statement))
  return [...new Set(names)].filter((name) => !name.startsWith('node:'))
}

/** Returns the package of a module, without a path inside it. The only file beside a script starts the engines of two packages. */
function packagesOf(module: string, statement: string): string[] {
  if (!module.startsWith('.')) return [module.split('/', module.startsWith('@') ? 2 : 1).join('/')]
  const isEither = statement.includes('startEngine')
  return [...(isEither ? ['@tensorflow/tfjs-node'] : []), '@tensorflow/tfjs-backend-wasm']
}
