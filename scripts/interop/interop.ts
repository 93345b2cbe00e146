/** `npm run interop -- TARGET`: compares what other frameworks compute with TensorFlow.js; `--help` lists the options. */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

const options = {
  python: {
    type: 'string',
    value: 'PATH',
    help: 'a Python with the framework; installed below node_modules/.cache if it is missing',
  },
  specs: { type: 'string', value: 'N', default: '200', help: 'the number of random networks' },
  seed: { type: 'string', value: 'S', default: '1', help: 'draws other random networks' },
  only: { type: 'string', value: 'GROUP', help: 'compares one group, the first column of the table' },
  keep: { type: 'string', value: 'FOLDER', help: 'keeps scripts, files and numbers' },
  write: { type: 'boolean', value: '', help: 'puts the table into docs/interop.md' },
  help: { type: 'boolean', short: 'h', value: '', help: 'lists the options' },
} as const

export interface InteropOptions {
  readonly python: string | undefined
  readonly specs: number
  readonly seed: number
  readonly only: string | undefined
  readonly keep: string | undefined
}

/** What a comparison found, and a line for each difference. */
export interface InteropReport {
  readonly table: string
  readonly faults: readonly string[]
}

type Run = (options: InteropOptions) => Promise<InteropReport>

const targets: Readonly<Record<string, { readonly help: string; readonly load: () => Promise<Run> }>> = {
  keras: {
    help: 'compiled Keras scripts, their outputs and each step of their training',
    load: async () => (await import('./interopScripts.ts')).compareTarget('keras'),
  },
  pytorch: {
    help: 'compiled PyTorch scripts likewise, in both layouts of channels',
    load: async () => (await import('./interopScripts.ts')).compareTarget('pytorch'),
  },
  onnx: {
    help: 'exported ONNX files in ONNX Runtime, and imported ones; --only specs or models',
    load: async () => (await import('./interopOnnx.ts')).run,
  },
  import: {
    help: 'models that Keras saved, imported; --only applications or specs',
    load: async () => (await import('./interopImport.ts')).run,
  },
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options })
  const [name = ''] = positionals
  if (values.help === true) {
    process.stdout.write(usage())
    return 0
  }
  if (!Object.hasOwn(targets, name)) {
    process.stderr.write(usage())
    return 2
  }
  const { specs, seed, python, only, keep, write = false } = values
  const run = await targets[name]!.load()
  const { table, faults } = await run({ python, only, keep, specs: Number(specs), seed: Number(seed) })
  process.stdout.write(`${[...faults, table].join('\n')}\n`)
  if (write) writeTable(name, table)
  return faults.length > 0 ? 1 : 0
}

function usage(): string {
  const row = (left: string, right: string) => `  ${left.padEnd(16)}  ${right}\n`
  const ofTargets = Object.entries(targets).map(([name, { help }]) => row(name, help))
  const ofOptions = Object.entries(options).map(([name, option]) => {
    const byDefault = 'default' in option ? ` (default: ${option.default})` : ''
    return row(`--${name} ${option.value}`, option.help + byDefault)
  })
  return `usage: npm run interop -- TARGET [OPTIONS]\n\ntargets:\n${ofTargets.join('')}\noptions:\n${ofOptions.join('')}`
}

/** Puts a table into docs/interop.md, between the marks with its name. */
function writeTable(target: string, table: string): void {
  const file = 'docs/interop.md'
  const marks = new RegExp(String.raw`(<!-- table of ${target} -->\n\n)[^]*?(\n\n<!-- end of table -->)`)
  const text = readFileSync(file, 'utf8')
  writeFileSync(
    file,
    text.replace(marks, (_all, start: string, end: string) => `${start}${table}${end}`),
  )
}

process.exitCode = await main()
