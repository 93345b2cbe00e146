/** Loads ts-morph with `require`: for an `import`, Node would first search its nine megabytes for exported names. */
import { createRequire } from 'node:module'

const tsMorph = createRequire(import.meta.url)('ts-morph') as typeof import('ts-morph')

export const { Project, StructureKind, VariableDeclarationKind } = tsMorph
export type Project = InstanceType<typeof Project>
/** The TypeScript compiler in ts-morph; its types are `ts` of ts-morph. */
export const typescript = tsMorph.ts
