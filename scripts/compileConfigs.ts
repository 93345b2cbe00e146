/** Compiles every spec of configs/ into generated/, and copies the MNIST script into docs/compile.md. `--check` only compares, and exits with 1 if a file is stale. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createEmitter } from '../src/backends/typescript/emit.ts'
import { checkText } from '../src/analyze.ts'
import { structureOf } from '../src/compose/composedSource.ts'
import { hasErrors } from '../src/diagnostics/diagnostic.ts'
import { nodeHost } from '../src/system/nodeHost.ts'
import { lowerGraph } from '../src/program/lowerGraph.ts'
import { version } from '../src/system/version.ts'

const checkOnly = process.argv.includes('--check')
const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

const wanted = await compileConfigs()
const present = existsSync(at('generated')) ? listFiles(at('generated')) : []
const stale = [...wanted].filter(([name, content]) => !isSame(at(`generated/${name}`), content)).map(([name]) => name)
const abandoned = present.filter((name) => !wanted.has(name))

if (checkOnly) {
  for (const name of stale)
    process.stderr.write(`generated/${name} is stale: run \`npx tsx scripts/compileConfigs.ts\`\n`)
  for (const name of abandoned) process.stderr.write(`generated/${name} belongs to no spec of configs/: delete it\n`)
  process.exitCode = stale.length + abandoned.length > 0 ? 1 : 0
} else {
  for (const name of stale) {
    mkdirSync(dirname(at(`generated/${name}`)), { recursive: true })
    writeFileSync(at(`generated/${name}`), wanted.get(name)!)
    process.stderr.write(`generated/${name}\n`)
  }
  for (const name of abandoned) rmSync(at(`generated/${name}`))
}

const guide = readFileSync(at('docs/compile.md'), 'utf8')
const script = new TextDecoder().decode(wanted.get('mnist-cnn.ts'))
const updated = guide.replace(/```ts\n[^]*?\n```/, () => `\`\`\`ts\n${script.trimEnd()}\n\`\`\``)
if (updated !== guide && !checkOnly) writeFileSync(at('docs/compile.md'), updated)
if (updated !== guide && checkOnly) {
  process.stderr.write('docs/compile.md is stale: run `npx tsx scripts/compileConfigs.ts`\n')
  process.exitCode = 1
}

/** Returns the files of generated/ by name. */
async function compileConfigs(): Promise<Map<string, Uint8Array>> {
  const emitter = createEmitter()
  const files = new Map<string, Uint8Array>()
  const specs = readdirSync(at('configs')).filter((name) => name.endsWith('.yaml'))
  for (const specFile of specs.toSorted().map((name) => `configs/${name}`)) {
    const specText = readFileSync(at(specFile), 'utf8')
    const { source, spec, shaped, diagnostics } = checkText(specText, specFile, { host: nodeHost })
    if (hasErrors(diagnostics)) throw new Error(`${specFile} has errors: run \`npx shapewright check ${specFile}\``)
    const options = { backend: 'auto', specFile, specText, version, structure: structureOf(source) } as const
    const { fileName, text, assets } = await emitter.emitProgram(lowerGraph(spec, shaped), options)
    files.set(fileName, new TextEncoder().encode(text))
    for (const asset of assets) files.set(asset.fileName, asset.content)
  }
  return files
}

function listFiles(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return files.map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll('\\', '/'))
}

function isSame(path: string, content: Uint8Array): boolean {
  return existsSync(path) && readFileSync(path).equals(content)
}
