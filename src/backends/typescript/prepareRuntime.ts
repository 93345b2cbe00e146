/** Makes ready what a `compile` links: the build calls it. */
import { relative } from 'node:path'
import { formatDeclaration } from './emit.ts'
import type { PreparedRuntime } from './linkableRuntime.ts'
import { runtimeFolder } from './runtimeFolder.ts'
import { createRuntimeLibrary, type Declaration } from './runtimeLibrary.ts'
import { Project } from './tsMorph.ts'
import { withoutTypes } from './withoutTypes.ts'

export async function prepareRuntime(): Promise<PreparedRuntime> {
  const folder = runtimeFolder()
  const project = new Project({ skipAddingFilesFromTsConfig: true, compilerOptions: { noLib: true } })
  const library = createRuntimeLibrary(project, folder)
  const bare = withoutTypes(library)
  const prepare = async (declaration: Declaration): Promise<Declaration> => ({
    names: declaration.names,
    file: relative(folder, declaration.file),
    position: declaration.position,
    text: await formatDeclaration(declaration),
    needsFormat: false,
    kind: declaration.kind,
    uses: declaration.uses,
    evaluates: declaration.evaluates,
    imports: declaration.imports,
    assets: declaration.assets.map((path) => relative(folder, path)),
  })
  const declarations = library.readAll()
  return {
    ts: await Promise.all(declarations.map(prepare)),
    // Of types nothing is left but that they are some.
    js: await Promise.all(
      declarations.map(async (declaration) =>
        declaration.kind === 'type'
          ? await prepare({ ...declaration, text: '', needsFormat: false, uses: [], imports: [] })
          : await prepare(bare.find(declaration.names[0]!)),
      ),
    ),
  }
}
