/** Composes all generated files below docs/: the reference, its pictures, the diagnostics, and the patches in engine.md. */
import { describeCommands } from '../describeCommands.ts'
import { describeDiagnostics } from '../describeDiagnostics.ts'
import { describePatches } from '../describePatches.ts'
import { pictures } from './pictures.ts'
import { checkPictures } from './checkPictures.ts'
import { referencePages } from './referencePages.ts'

/** Folders that contain only generated files. */
export const generatedFolders = ['diagnostics', 'pictures', 'reference']

export async function composeDocs(): Promise<ReadonlyMap<string, string>> {
  const below = (folder: string, pages: Readonly<Record<string, string>>) =>
    Object.entries(pages).map(([name, text]) => [`${folder}/${name}`, text] as const)
  return new Map([
    ...below('diagnostics', await describeDiagnostics()),
    ...below('reference', { ...referencePages(), 'commands.md': describeCommands() }),
    ...below('pictures', pictures()),
    ...Object.entries(checkPictures()),
    ['engine.md', describePatches()],
  ])
}
