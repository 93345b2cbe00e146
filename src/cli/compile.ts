/** `shapewright compile`: specs to scripts, each beside the assets that it needs. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createEmitter, isGenerated, type EmitOptions, type ScriptLanguage } from '../backends/emit.ts'
import { lowerGraph } from '../program/lowerGraph.ts'
import { version } from '../version.ts'
import { checkedSpec } from './checkedSpec.ts'
import { exitCodes, UsageError } from './exitCodes.ts'
import { findSpecs, writeTextFile } from './specFiles.ts'

export interface CompileOptions {
  readonly outDir: string
  readonly backend: EmitOptions['backend']
  readonly format: ScriptLanguage
  readonly check?: boolean
  readonly force?: boolean
  readonly quiet?: boolean
}

export async function compileCommand(paths: readonly string[], options: CompileOptions): Promise<number> {
  const emitter = createEmitter()
  const stale: string[] = []
  let broken = false
  for (const path of findSpecs(paths)) {
    const analysis = checkedSpec(path, options.quiet)
    if (analysis === undefined) {
      broken = true
      continue
    }
    const program = lowerGraph(analysis.spec, analysis.shaped)
    const emitOptions = {
      backend: options.backend,
      language: options.format,
      specFile: path,
      specText: analysis.source.text,
      version,
    }
    const { fileName, text, assets } = await emitter.emitProgram(program, emitOptions)
    const files = [
      { fileName, content: Buffer.from(text) as Uint8Array, isScript: true },
      ...assets.map((asset) => ({ ...asset, isScript: false })),
    ]
    for (const { fileName: name, content, isScript } of files) {
      const target = join(options.outDir, name)
      if (existsSync(target) && Buffer.compare(readFileSync(target), content) === 0) continue
      if (options.check === true) stale.push(target)
      else writeScript(target, content, isScript, options)
    }
    if (options.quiet !== true && options.check !== true) process.stdout.write(`${join(options.outDir, fileName)}\n`)
  }
  if (stale.length > 0) {
    process.stdout.write(stale.map((file) => `stale: ${file}\n`).join(''))
    process.stderr.write(`\`shapewright compile ${paths.join(' ')} -o ${options.outDir}\` writes them anew\n`)
  }
  return broken || stale.length > 0 ? exitCodes.problems : exitCodes.fine
}

function writeScript(target: string, content: Uint8Array, isScript: boolean, { outDir, force }: CompileOptions): void {
  const isOurs = !isScript || !existsSync(target) || isGenerated(readFileSync(target, 'utf8'))
  if (!isOurs && force !== true)
    throw new UsageError(`${target} exists, and shapewright did not write it`, 'choose another --out-dir, or --force')
  mkdirSync(outDir, { recursive: true })
  writeTextFile(target, content)
}
