/** Writes docs/diagnostics from the pages in src/rules and src/diagnostics/pages, and docs/reference from the tables. `--check` only compares. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describeCommands } from './describeCommands.ts'
import { describeDiagnostics } from './describeDiagnostics.ts'

const docs = fileURLToPath(new URL('../docs/', import.meta.url))
const checkOnly = process.argv.includes('--check')
const folders: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  diagnostics: await describeDiagnostics(),
  reference: { 'commands.md': describeCommands() },
}

const stale = Object.entries(folders).flatMap(([folder, files]) => {
  const at = (name: string) => `${docs}${folder}/${name}`
  mkdirSync(at(''), { recursive: true })
  const changed = Object.keys(files).filter(
    (name) => !existsSync(at(name)) || readFileSync(at(name), 'utf8') !== files[name],
  )
  const obsolete = readdirSync(at('')).filter((name) => !Object.hasOwn(files, name))
  if (!checkOnly) {
    for (const name of changed) writeFileSync(at(name), files[name]!)
    for (const name of obsolete) rmSync(at(name))
  }
  return [...changed, ...obsolete].map((name) => `${folder}/${name}`)
})
if (checkOnly && stale.length > 0) {
  process.stderr.write(`docs is stale (${stale.join(', ')}): run \`npm run docs\`\n`)
  process.exitCode = 1
}
