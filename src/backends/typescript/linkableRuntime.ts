/**
 * The runtime as it is linked into scripts. To parse its sources takes longer than all else that a `compile` does, so the
 * build does it once, and the published package has the declarations ready, formatted and without their types, too.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runtimeFolder } from './runtimeFolder.ts'
import { createRuntimeLibrary, type Declaration, type RuntimeLibrary } from './runtimeLibrary.ts'
import type { Project } from './tsMorph.ts'
import { withoutTypes } from './withoutTypes.ts'

/** By the language that a script is in. */
export type LinkableRuntime = Readonly<Record<'ts' | 'js', RuntimeLibrary>>

/** As the build writes it; paths are relative to the folder of the runtime. */
export type PreparedRuntime = Readonly<Record<'ts' | 'js', readonly Declaration[]>>

/** Its name in dist/. */
export const preparedFile = 'linkableRuntime.json'

/** What the build prepared where this is the published package, else what the sources say. */
export function loadLinkableRuntime(project: Project): LinkableRuntime {
  // There, this file is bundled into dist/chunks/ or dist/cli/.
  const prepared = new URL(`../${preparedFile}`, import.meta.url)
  if (existsSync(prepared)) return usePrepared(JSON.parse(readFileSync(prepared, 'utf8')) as PreparedRuntime)
  return parseLinkableRuntime(project)
}

export function parseLinkableRuntime(project: Project): LinkableRuntime {
  const library = createRuntimeLibrary(project, runtimeFolder())
  return { ts: library, js: withoutTypes(library) }
}

export function usePrepared({ ts, js }: PreparedRuntime): LinkableRuntime {
  return { ts: libraryOf(ts), js: libraryOf(js) }
}

function libraryOf(prepared: readonly Declaration[]): RuntimeLibrary {
  const folder = runtimeFolder()
  const byName = new Map<string, Declaration>()
  for (const declaration of prepared) {
    const { file, assets } = declaration
    const placed = { ...declaration, file: join(folder, file), assets: assets.map((path) => join(folder, path)) }
    for (const name of declaration.names) byName.set(name, placed)
  }
  return {
    find(name) {
      const found = byName.get(name)
      if (!found) throw new Error(`src/runtime has no declaration called ${name}`)
      return found
    },
  }
}
