/** Writes the generated files of docs/. `--check` only compares. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { composeDocs, generatedFolders } from './docs/composeDocs.ts'

const docs = fileURLToPath(new URL('../docs/', import.meta.url))
const files = await composeDocs()

const changed = [...files].filter(
  ([name, text]) => !existsSync(join(docs, name)) || readFileSync(join(docs, name), 'utf8') !== text,
)
const present = generatedFolders.filter((folder) => existsSync(join(docs, folder)))
const obsolete = present
  .flatMap((folder) => readdirSync(join(docs, folder)).map((name) => `${folder}/${name}`))
  .filter((name) => !files.has(name))

if (process.argv.includes('--check')) {
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
