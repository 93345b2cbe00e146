/** Writes the compiled script of a run into its folder, so that the run can be repeated without Shapewright. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Program } from '../program/program.ts'
import { writeFolderWhole } from '../runtime/checkpoints/writeWhole.ts'
import { version } from '../version.ts'
import { createEmitter } from './emit.ts'

/**
 * @param folder The script's own: it appears whole, and takes the place of one that was there.
 * @param specText The spec that the program was lowered from.
 */
export async function writeScript(folder: string, program: Program, specText: string): Promise<void> {
  const options = { backend: 'auto', specFile: 'spec.yaml', specText, version } as const
  const { fileName, text, assets } = await createEmitter().emitProgram(program, options)
  await writeFolderWhole(folder, async (written) => {
    for (const { fileName: name, content } of [{ fileName, content: text }, ...assets]) {
      await writeFile(join(written, name), content)
    }
  })
}
