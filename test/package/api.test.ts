/** docs/api.md: each example runs as it is, from the built package, and prints what the page says. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { transformSync } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { repository } from '../cli/runCli.ts'

const page = readFileSync(join(repository, 'docs', 'api.md'), 'utf8')
const examples = [...page.matchAll(/^## (\S+)\n[^]*?```ts\n([^]*?)```\n\n```text\n([^]*?)```/gm)]

describe('docs/api.md', () => {
  it('has a section for each entry point', () => {
    const { exports } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { exports: object }
    const names = Object.keys(exports).filter((name) => name !== './package.json')
    const sections = [...page.matchAll(/^## (\S+)$/gm)].map(([, name]) => name)
    expect(sections.toSorted()).toEqual(names.map((name) => join('shapewright', name)).toSorted())
  })

  it.each(examples.map(([, name, code, output]) => [name!, code!, output!] as const))(
    '%s',
    { timeout: 120_000 },
    (_name, code, output) => {
      // Within the repository the package finds itself by its name.
      const folder = mkdtempSync(join(repository, 'test', '.api-'))
      try {
        writeFileSync(join(folder, 'example.js'), transformSync(code, { loader: 'ts', target: 'esnext' }).code)
        const args = ['--no-warnings', join(folder, 'example.js')]
        expect(execFileSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } })).toBe(
          output,
        )
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
  )
})
