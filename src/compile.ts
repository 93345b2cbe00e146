/**
 * Compiles an `Analysis` to a program and a script:
 *
 *    Analysis
 *       │   1  lower     the parts of a spec → calls of TensorFlow.js and of src/parts/*.run.ts, still as data
 *       ▼
 *    Program ──▶ src/backends/interpret, which `train`, `evaluate` and `predict` run
 *       │   2  emit      calls → a script, and the files that belong beside it
 *       ▼
 *    CompiledFile[]
 */
import type { Analysis } from './analyze.ts'
import type { EmitOptions, Emitter } from './backends/typescript/emit.ts'
import type { ScriptOrigin } from './backends/typescript/emitOptions.ts'
import { isPythonTarget, type TargetName } from './backends/targetNames.ts'
import type { ProjectFile } from './backends/typescript/emitProject.ts'
import { structureOf } from './compose/composedSource.ts'
import { hasErrors } from './diagnostics/diagnostic.ts'
import { lowerGraph } from './program/lowerGraph.ts'
import type { Program } from './program/program.ts'
import { KnownError } from './system/knownError.ts'
import { once } from './system/once.ts'
import { version } from './system/version.ts'

export interface CompiledFile {
  readonly fileName: string
  readonly content: Uint8Array
}

export interface CompileRequest extends Pick<EmitOptions, 'backend' | 'language' | 'runtime' | 'singleFile'> {
  /** The language and library of the script: TypeScript by default. */
  readonly target?: TargetName
  /** Adds the files of an npm project. Returns the version of a package to pin. */
  readonly versionOf?: ((name: string) => string) | undefined
}

/** Lowers an analysis, which must have no errors, to a program. */
export function programOf({ spec, shaped }: Pick<Analysis, 'spec' | 'shaped'>): Program {
  return lowerGraph(spec, shaped)
}

/** The error for a spec that is only there to be extended. */
export function abstractSpec(file: string, what: 'compiled' | 'trained'): KnownError {
  const help = 'write a spec that extends it, or remove `abstract: true`'
  return new KnownError('usage', `${file} is abstract, so it cannot be ${what}`, help)
}

/**
 * Compiles a spec to its script, followed by the files that the script needs.
 *
 * @throws KnownError If the spec has errors, or a shape is unknown.
 */
export async function compileAnalysis(
  analysis: Analysis,
  { versionOf, target = 'ts', ...request }: CompileRequest,
): Promise<CompiledFile[]> {
  const { source, shaped, settings, trial, diagnostics } = analysis
  if (source.completeness === 'abstract') throw abstractSpec(source.file, 'compiled')
  if (hasErrors(diagnostics))
    throw new KnownError('usage', `${source.file} has errors`, 'check it, and fix what is found')
  if (!shaped.complete) {
    const help = 'state the shape of the input, `input: { shape: […] }`, or put the dataset where the spec says'
    throw new KnownError('usage', `${source.file} cannot be compiled, for not every shape is known`, help)
  }
  const program = programOf(analysis)
  const origin: ScriptOrigin = {
    specFile: source.file,
    specText: [source.text, ...source.parents.map((file) => source.otherTexts.get(file) ?? '')].join('\n'),
    settings,
    trial,
    version,
    structure: structureOf(source),
  }
  const encoder = new TextEncoder()
  if (isPythonTarget(target)) {
    const { pythonTargets } = await import('./backends/targets.ts')
    const { fileName, text } = (await pythonTargets[target]()).print(analysis, program, origin)
    return [{ fileName, content: encoder.encode(text) }]
  }
  const options: EmitOptions = { ...request, ...origin }
  const script = await (await loadEmitter()).emitProgram(program, options)
  let project: ProjectFile[] = []
  if (versionOf !== undefined) {
    const { emitProject } = await import('./backends/typescript/emitProject.ts')
    project = emitProject(program, script, options, versionOf)
  }
  const texts = [{ fileName: script.fileName, text: script.text }, ...project]
  return [...texts.map(({ fileName, text }) => ({ fileName, content: encoder.encode(text) })), ...script.assets]
}

/** Loaded with the first script and then kept: all scripts link the same sources, so they are read once. */
const loadEmitter = once(async (): Promise<Emitter> => {
  const { createEmitter } = await import('./backends/typescript/emit.ts')
  return createEmitter()
})
