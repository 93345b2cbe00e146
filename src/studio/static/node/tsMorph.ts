/** Takes the place of `backends/typescript/tsMorph.ts` in the workers of the static page, which have no `require` and no disk. */
import { Project as DiskProject, ts, type ProjectOptions } from 'ts-morph'

export { StructureKind, VariableDeclarationKind } from 'ts-morph'

export class Project extends DiskProject {
  constructor(options?: ProjectOptions) {
    super({ ...options, useInMemoryFileSystem: true })
  }
}
export const typescript = ts
