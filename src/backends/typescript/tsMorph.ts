/**
 * Loads the TypeScript compiler of ts-morph, without ts-morph itself, which takes half as long again. It is loaded with
 * `require`: for an `import`, Node would first search its nine megabytes for exported names.
 */
import { createRequire } from 'node:module'
import type { ts } from 'ts-morph'

const requireBesideTsMorph = createRequire(createRequire(import.meta.url).resolve('ts-morph'))

/** The TypeScript compiler; its types are `ts` of ts-morph. */
export const typescript = requireBesideTsMorph('@ts-morph/common/dist/typescript.js') as typeof ts
