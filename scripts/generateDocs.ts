/** Writes docs/diagnostics from the pages in src/rules and src/diagnostics/pages. `--check` only compares. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describeDiagnostics } from './describeDiagnostics.ts'

const folder = fileURLToPath(new URL('../docs/diagnostics/', import.meta.url))
const checkOnly = process.argv.includes('--check')
const files = await describeDiagnostics()
mkdirSync(folder, { recursive: true })

const stale = [
  ...Object.entries(files).flatMap(([name, text]) => {
    const isSame = existsSync(folder + name) && readFileSync(folder + name, 'utf8') === text
    if (!isSame && !checkOnly) writeFileSync(folder + name, text)
    return isSame ? [] : [name]
  }),
  ...readdirSync(folder).flatMap((name) => {
    if (Object.hasOwn(files, name)) return []
    if (!checkOnly) rmSync(folder + name)
    return [name]
  }),
]
if (checkOnly && stale.length > 0) {
  process.stderr.write(`docs/diagnostics is stale (${stale.join(', ')}): run \`npm run docs\`\n`)
  process.exitCode = 1
}
