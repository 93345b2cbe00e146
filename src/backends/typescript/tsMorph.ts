/** ts-morph by `require`: for an `import`, Node would first search its nine megabytes for the names that they export. */
import { createRequire } from 'node:module'

const tsMorph = createRequire(import.meta.url)('ts-morph') as typeof import('ts-morph')

export const { Project, StructureKind, VariableDeclarationKind } = tsMorph
export type Project = InstanceType<typeof Project>
/** The compiler within; its types are `ts` of ts-morph. */
export const typescript = tsMorph.ts
