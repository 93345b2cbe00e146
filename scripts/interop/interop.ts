/** `npm run interop -- TARGET`: compares what other frameworks compute with TensorFlow.js. */
import { readFileSync, writeFileSync } from 'node:fs'
import { listChoices, readOptions, refuseArguments } from '../options.ts'

const options = {
  python: {
    kind: 'text',
    value: 'PATH',
    help: 'a Python with the framework; installed below node_modules/.cache if it is missing',
  },
  specs: { kind: 'number', value: 'N', default: 200, help: 'the number of random networks' },
  seed: { kind: 'number', value: 'S', default: 1, help: 'draws other random networks' },
  only: { kind: 'text', value: 'GROUP', help: 'compares one group, the first column of the table' },
  keep: { kind: 'text', value: 'FOLDER', help: 'keeps scripts, files and numbers' },
  write: { kind: 'flag', help: 'puts the table into docs/interop.md' },
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
  const command = 'interop -- TARGET'
  const about = `Compares what other frameworks compute with TensorFlow.js. The targets:\n\n${listChoices(targets)}`
  const { values, positionals } = readOptions({ command, about, options })
  const [name = ''] = positionals
  if (!Object.hasOwn(targets, name)) refuseArguments(command, `TARGET is one of ${Object.keys(targets).join(', ')}.`)
  const { write, ...settings } = values
  const run = await targets[name]!.load()
  const { table, faults } = await run(settings)
  process.stdout.write(`${[...faults, table].join('\n')}\n`)
  if (write) writeTable(name, table)
  return faults.length > 0 ? 1 : 0
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
