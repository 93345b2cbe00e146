/** The built declarations of `shapewright` and `shapewright/check` name no type of another package. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { repository } from '../cli/runCli.ts'

it.each(['index', 'check'])('of %s.d.ts', (entry) => {
  expect(packagesOf(join(repository, 'dist', 'types', `${entry}.d.ts`))).toEqual([])
})

function packagesOf(entry: string): string[] {
  const [seen, packages] = [new Set<string>(), new Set<string>()]
  const visit = (file: string): void => {
    if (seen.has(file)) return
    seen.add(file)
    for (const [, specifier] of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*['"]([^'"]+)['"]/g)) {
      if (!specifier!.startsWith('.')) packages.add(specifier!)
      else {
        const target = join(dirname(file), specifier!.replace(/\.[jt]s$/, '.d.ts'))
        expect(existsSync(target), target).toBe(true)
        visit(target)
      }
    }
  }
  visit(entry)
  return [...packages].toSorted()
}
