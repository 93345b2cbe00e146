/** The packages that a script imports, at once or when it comes to it; what node has itself is left out. */
export function importedPackages(text: string): string[] {
  const imports = text.matchAll(
    /^import .* from '([^']+)'$|\b(?:import|createRequire\(import\.meta\.url\))\('([^']+)'\)/gm,
  )
  const names = [...imports].map(([, fixed, later]) => packageOf((fixed ?? later)!))
  return [...new Set(names)].filter((name) => !name.startsWith('node:'))
}

/** Without the path of a module in it. The only file beside a script is that of the training kernels, for one package. */
function packageOf(module: string): string {
  if (module.startsWith('.')) return '@tensorflow/tfjs-backend-wasm'
  return module.split('/', module.startsWith('@') ? 2 : 1).join('/')
}
