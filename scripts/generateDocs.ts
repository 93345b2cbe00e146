/** Writes docs/diagnostics from the pages of the rules, docs/reference from the tables, and docs/engine.md from the patches. `--check` only compares. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeCommands } from './describeCommands.ts'
import { describeDiagnostics } from './describeDiagnostics.ts'
import { describePatches } from './describePatches.ts'

const docs = fileURLToPath(new URL('../docs/', import.meta.url))
const checkOnly = process.argv.includes('--check')
/** Folders that hold generated files only. */
const owned = ['diagnostics', 'reference']
const pages = new Map([
  ...Object.entries(await describeDiagnostics()).map(([name, text]) => [join('diagnostics', name), text] as const),
  [join('reference', 'commands.md'), describeCommands()],
  ['engine.md', describePatches()],
])

const changed = [...pages].filter(
  ([name, text]) => !existsSync(join(docs, name)) || readFileSync(join(docs, name), 'utf8') !== text,
)
const present = owned.filter((folder) => existsSync(join(docs, folder)))
const obsolete = present
  .flatMap((folder) => readdirSync(join(docs, folder)).map((name) => join(folder, name)))
  .filter((name) => !pages.has(name))
if (checkOnly) {
  const stale = [...changed.map(([name]) => name), ...obsolete]
  if (stale.length > 0) {
    process.stderr.write(`docs is stale (${stale.join(', ')}): run \`npm run docs\`\n`)
    process.exitCode = 1
  }
} else {
  for (const [name, text] of changed) {
    mkdirSync(dirname(join(docs, name)), { recursive: true })
    writeFileSync(join(docs, name), text)
  }
  for (const name of obsolete) rmSync(join(docs, name))
}
