/** Prints the imports that a script needs, for the names in its code. */
import { namesIn } from './pythonLibrary.ts'

/** What a module is imported as, or the names that are imported from it. */
interface Import {
  readonly module: string
  readonly as?: string
  readonly names?: readonly string[]
}

const standard: readonly Import[] = [
  ...[
    'argparse',
    'copy',
    'csv',
    'gzip',
    'io',
    'itertools',
    'json',
    'math',
    'os',
    're',
    'signal',
    'sys',
    'threading',
    'time',
    'zipfile',
    'zlib',
  ].map((module) => ({
    module,
  })),
  { module: 'collections', names: ['Counter', 'OrderedDict'] },
  { module: 'collections.abc', names: ['Callable', 'Iterable', 'Iterator', 'Sequence'] },
  { module: 'pathlib', names: ['Path'] },
  { module: 'typing', names: ['Any', 'NamedTuple'] },
]

const installed: readonly Import[] = [
  { module: 'keras' },
  { module: 'numpy', as: 'np' },
  { module: 'torch' },
  { module: 'torch.nn.functional', as: 'F' },
  { module: 'keras', names: ['layers', 'ops'] },
  { module: 'PIL', names: ['Image', 'ImageOps'] },
  { module: 'safetensors', names: ['SafetensorError'] },
  { module: 'safetensors.numpy', names: ['load_file'] },
  { module: 'torch', names: ['distributed', 'nn', 'optim'] },
]

/** The names that imports give to a script. */
export const importedNames: readonly string[] = [...standard, ...installed].flatMap(
  ({ module, as, names }) => names ?? [as ?? module],
)

export function printImports(code: string): string {
  const used = namesIn(code)
  const print = ({ module, as, names }: Import): string[] => {
    if (names === undefined)
      return used.has(as ?? module) ? [`import ${module}${as === undefined ? '' : ` as ${as}`}`] : []
    const own = names.filter((name) => used.has(name))
    return own.length === 0 ? [] : [`from ${module} import ${own.join(', ')}`]
  }
  const groups = [standard, installed].map((group) => group.flatMap(print)).filter((lines) => lines.length > 0)
  return groups.map((lines) => lines.join('\n')).join('\n\n')
}
