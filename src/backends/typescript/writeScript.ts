/** Writes the compiled script of a run into its folder, so that the run can be repeated without Shapewright. */
import { join } from 'node:path'
import { writeOutput } from '../../system/writeOutput.ts'
import type { Program } from '../../program/program.ts'
import { version } from '../../system/version.ts'
import { createEmitter } from './emit.ts'
import { outputOfScript } from './outputOfScript.ts'

/**
 * @param folder Is created. What else is in it stays.
 * @param specText The spec that the program was lowered from.
 * @throws OutputError where it cannot be written, or somebody else's file is in its place.
 */
export async function writeScript(folder: string, program: Program, specText: string): Promise<void> {
  const options = { backend: 'auto', specFile: 'spec.yaml', specText, version } as const
  const { fileName, text, assets } = await createEmitter().emitProgram(program, options)
  const files = [{ fileName, content: text }, ...assets]
  writeOutput(
    files.map((file) => outputOfScript(join(folder, file.fileName), file.content)),
    { folder },
  )
}
