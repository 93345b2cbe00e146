/** Links from the paths in a spec to their files: those of `extends`, of datasets and of `weights`. */
import { isScalar } from 'yaml'
import type { Path, Span } from '../diagnostics/diagnostic.ts'
import { modelPlaces } from '../language/savedArrays.ts'
import { spanOf, type SourceDocument } from '../source/source.ts'
import { walkNodes } from '../source/walkNodes.ts'
import type { Host } from '../system/host.ts'
import { folderOf, isAbsolutePath, joinPaths } from '../system/paths.ts'
import type { SpecDocument } from './specDocument.ts'

export interface DocumentLink {
  readonly span: Span
  readonly file: string
}

/** Returns the links to files that exist. */
export function documentLinks({
  analysis: { source },
  file,
  options: { host },
}: SpecDocument): readonly DocumentLink[] {
  if (host === undefined) return []
  return pathsIn(source.written).flatMap(({ span, path }): DocumentLink[] => {
    const target = fileToOpen(host, isAbsolutePath(path) ? path : joinPaths(folderOf(file), path))
    return target === undefined ? [] : [{ span, file: target }]
  })
}

/** The file itself, or what an editor can show of a run folder: its spec, or its model. */
function fileToOpen(host: Host, path: string): string | undefined {
  if (host.list(path) === undefined) return isFile(host, path) ? path : undefined
  return ['spec.yaml', ...modelPlaces].map((name) => joinPaths(path, name)).find((one) => isFile(host, one))
}

/** Whether `weights` can start from a folder. */
export function hasModel(host: Host, folder: string): boolean {
  return modelPlaces.some((name) => isFile(host, joinPaths(folder, name)))
}

/** Whether a file can be read; the system may refuse, as the studio does outside its folder. */
function isFile(host: Host, path: string): boolean {
  try {
    return host.size(path) !== undefined
  } catch {
    return false
  }
}

interface WrittenPath {
  readonly span: Span
  readonly path: string
}

/** The values of `extends` and inside `dataset` that have the form of a path, and the value of `from` in `weights`. */
function pathsIn(source: SourceDocument): readonly WrittenPath[] {
  const isPath = (value: string) => /[./]/.test(value)
  return [
    ...textsIn(source, ['extends']).filter(({ path }) => isPath(path)),
    ...textsIn(source, ['dataset']).filter(({ path }) => isPath(path)),
    ...textsIn(source, ['weights', 'from']),
  ]
}

function textsIn(source: SourceDocument, place: Path): readonly WrittenPath[] {
  const found: WrittenPath[] = []
  walkNodes(source.nodeAt(place) ?? null, (node) => {
    const span = isScalar(node) && typeof node.value === 'string' ? spanOf(node) : undefined
    if (span !== undefined) found.push({ span, path: String((node as { readonly value?: unknown }).value) })
  })
  return found
}
