/** The packages that a script imports, at once or when it comes to it; what node has itself is left out. */
export function importedPackages(text: string): string[] {
  const imports = text.matchAll(/^import .* from '([^']+)'$|\bimport\('([^']+)'\)/gm)
  const names = [...imports].map(([, fixed, later]) => (fixed ?? later)!)
  return [...new Set(names)].filter((name) => !name.startsWith('node:'))
}
