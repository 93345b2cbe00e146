/** Completes the paths of parent specs, datasets and trained weights. */
import type { FolderEntry, Host } from '../system/host.ts'
import { folderOf, isAbsolutePath, joinPaths } from '../system/paths.ts'
import type { Choice, Cursor } from './completionItem.ts'
import { hasModel } from './fileLinks.ts'
import { mostNames } from './nameCompletion.ts'

/** Files and folders, where a value is a path: those in the folder that has been typed, or beside the spec. */
export function completeFiles({ document, place: { path }, typed }: Cursor): readonly Choice[] {
  const kind = kindOfPath(path[0], path.at(-1))
  const { host } = document.options
  if (kind === undefined || host === undefined) return []
  const base = /^.*\//.exec(typed)?.[0] ?? './'
  const folder = isAbsolutePath(base) ? base : joinPaths(folderOf(document.file), base)
  const isOffered = ({ name, kind: type }: FolderEntry) => {
    if (name.startsWith('.') || name === 'node_modules') return false
    if (type === 'folder' || kind === 'data') return true
    if (kind === 'weights') return /\.(safetensors|keras)$|^model\.json$/.test(name)
    return /\.ya?ml$/.test(name) && joinPaths(folder, name) !== joinPaths('', document.file)
  }
  return entriesOf(host, folder)
    .filter(isOffered)
    .slice(0, mostNames)
    .flatMap(({ name, kind: type }) => {
      if (type !== 'folder') return [choiceOf(`${base}${name}`)]
      const isModel = kind === 'weights' && hasModel(host, joinPaths(folder, name))
      const model = { ...choiceOf(`${base}${name}`), detail: 'the trained model of this folder', isLikely: true }
      return [...(isModel ? [model] : []), choiceOf(`${base}${name}/`)]
    })
}

/** A folder that the system refuses to list has nothing to offer, such as one outside that of the studio. */
function entriesOf(host: Host, folder: string): readonly FolderEntry[] {
  try {
    return [...(host.list(folder) ?? [])]
  } catch {
    return []
  }
}

function kindOfPath(section: unknown, key: unknown): 'spec' | 'weights' | 'data' | undefined {
  if (section === 'extends') return 'spec'
  if (section === 'weights' && key === 'from') return 'weights'
  return section === 'dataset' && ['path', 'files', 'file'].includes(String(key)) ? 'data' : undefined
}

function choiceOf(label: string): Choice {
  return { label, kind: 'file', snippet: label.replaceAll(/[\\$}]/g, String.raw`\$&`) }
}
