/** How much of the static page is loaded until something is shown. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { builtPage, isBuilt } from './chromium.ts'

describe.skipIf(!isBuilt)('the compressed size of the static page', () => {
  const first = ['index.html', 'studio.css', ...modulesOf('studio.js'), ...modulesOf(chunk('pageBackend'))]
  const example = ['examples.json', 'examples/mnist-cnn.yaml']

  it('is below 200 kB until the first paint', () => {
    expect(sizeOf([...first, ...example])).toBeLessThan(200_000)
  })

  it('is below 350 kB until shapes are shown', () => {
    const shapes = [...modulesOf(chunk('codeEditor')), ...modulesOf(chunk('network')), ...modulesOf('check.js')]
    expect(sizeOf([...first, ...example, ...shapes])).toBeLessThan(350_000)
  })

  it('has no ts-morph and no TensorFlow.js', () => {
    const notices = readFileSync(join(builtPage, 'THIRD_PARTY_NOTICES.txt'), 'utf8')
    expect(notices).not.toMatch(/^(ts-morph|typescript|@tensorflow\/\S+) \d/m)
  })
})

/** The name of the chunk of a module. */
function chunk(name: string): string {
  if (!isBuilt) return name
  return `chunks/${readdirSync(join(builtPage, 'chunks')).find((file) => file.startsWith(`${name}-`))}`
}

/** A module and all that it imports statically. */
function modulesOf(file: string, found = new Set<string>()): readonly string[] {
  if (!isBuilt || found.has(file)) return [...found]
  found.add(file)
  const text = readFileSync(join(builtPage, file), 'utf8')
  for (const [, name] of text.matchAll(/(?:from|import)\s*"\.\/(?:chunks\/)?([^"]+\.js)"/g)) {
    modulesOf(`chunks/${name}`, found)
  }
  return [...found]
}

function sizeOf(files: readonly string[]): number {
  return [...new Set(files)].reduce(
    (sum, file) => sum + gzipSync(readFileSync(join(builtPage, file)), { level: 9 }).length,
    0,
  )
}
