/** Reads the paths of a sweep: `vars.width`, `optimizer.sgd.learningRate`, `layers.head.units`. They are checked against the spec around the sweep. */
import { isMap } from '../compose/blocks.ts'
import type { Composition } from '../compose/composition.ts'
import { originInside, type Origin } from '../compose/origins.ts'
import type { Placed } from '../compose/origins.ts'
import { didYouMean, listWords } from '../diagnostics/didYouMean.ts'
import { yamlText } from '../source/edits.ts'
import { schemaAt, type SchemaNode } from '../validation/schemaNode.ts'
import { composedSchema } from '../validation/specCheck.ts'
import { suggestWord } from '../validation/suggestWord.ts'
import type { Case, Parameter } from './definition.ts'
import { pathsOf } from './readValues.ts'

/** Sections that are the same for all trials. */
const fixedSections: ReadonlySet<string> = new Set(['name', 'sweep', 'blocks', 'extends', 'abstract', 'override'])

export class ParameterReader {
  private readonly context: Composition
  private readonly root: Readonly<Record<string, unknown>>
  private readonly known: Parameter[] = []

  constructor(context: Composition, root: Placed) {
    this.context = context
    this.root = root.value as Readonly<Record<string, unknown>>
  }

  /** Whether no parameter was read. */
  get isEmpty(): boolean {
    return this.known.length === 0
  }

  /** Returns undefined after reporting a path that the spec does not have. */
  read(path: string, origin: Origin, others: readonly Parameter[] = this.known): Parameter | undefined {
    const keys = path.split('.')
    const parameter = { path, keys, origin }
    const isKnown = this.checkOverlap(parameter, others) && this.checkKeys(parameter)
    if (!isKnown) return undefined
    this.known.push(parameter)
    return parameter
  }

  /** Reads a map from paths to descriptions of their values. Leaves out entries with mistakes. */
  readMap<Values extends object>(
    map: Readonly<Record<string, unknown>>,
    origin: Origin,
    readEntry: (entry: Placed, path: string) => Values | undefined,
  ): (Values & { readonly parameter: Parameter })[] {
    return pathsOf(map).flatMap((path) => {
      const entry = { value: map[path], origin: originInside(origin, path) }
      const parameter = this.read(path, entry.origin)
      const values = readEntry(entry, path)
      return parameter === undefined || values === undefined ? [] : [{ parameter, ...values }]
    })
  }

  /** Reads the values of one case. Cases may give values to the same parameters. */
  readCase(values: Readonly<Record<string, unknown>>, place: Origin): Case {
    const own: Parameter[] = []
    return pathsOf(values).flatMap((path) => {
      const origin = originInside(place, path)
      const parameter = this.read(path, origin, own)
      if (parameter === undefined) return []
      own.push(parameter)
      return [{ parameter, value: { value: values[path], origin } }]
    })
  }

  /** Reports a parameter that has its value from another one, too. */
  private checkOverlap({ path, keys, origin }: Parameter, others: readonly Parameter[]): boolean {
    const other = others.find((one) => {
      const shorter = Math.min(one.keys.length, keys.length)
      return keys.slice(0, shorter).every((key, index) => key === one.keys[index])
    })
    if (other === undefined) return true
    const message =
      other.path === path
        ? `\`${path}\` is in this sweep twice`
        : `\`${path}\` and \`${other.path}\` of this sweep change the same value`
    const { written, path: place } = other.origin
    this.context.report('sweep/repeated-path', origin, message, {
      atKey: true,
      help: 'list all values of a path in one place',
      related: [{ message: `\`${other.path}\``, span: written.locateKey(place) }],
    })
    return false
  }

  private checkKeys(parameter: Parameter): boolean {
    const [section = ''] = parameter.keys
    if (fixedSections.has(section)) {
      return this.refuse(parameter, `\`${section}\` is the same for all trials`, 'vary a variable, or an option')
    }
    if (section === 'vars') return this.checkVariable(parameter)
    // The names of layers are known once they are expanded.
    if (section === 'layers' && parameter.keys.length > 1) return true
    return this.checkOptions(parameter)
  }

  private checkVariable(parameter: Parameter): boolean {
    const [, name] = parameter.keys
    const vars = this.root['vars']
    const known = isMap(vars) ? Object.keys(vars).filter((one) => !one.startsWith('x-')) : []
    if (name !== undefined && known.includes(name)) return true
    const message =
      name === undefined ? '`vars` is not a variable' : `\`${parameter.path}\`: the spec has no variable \`${name}\``
    const meant = didYouMean(name ?? '', known)
    if (meant !== undefined) return this.refuse(parameter, message, '', ['vars', meant])
    return this.refuse(
      parameter,
      message,
      known.length === 0 ? 'define it in `vars`' : `the variables are ${listWords(known.slice(0, 12), 'and')}`,
    )
  }

  /** Walks the keys along the schema and the values of the spec. */
  private checkOptions(parameter: Parameter): boolean {
    const { keys, path } = parameter
    let value: unknown = this.root
    for (const [depth, key] of keys.entries()) {
      const holder = keys.slice(0, depth).join('.')
      const node = schemaAt(composedSchema(), keys.slice(0, depth))
      const isPresent = isMap(value) && Object.hasOwn(value, key)
      const known = depth === 0 ? topKeys(node, this.root) : Object.keys(node?.properties ?? {})
      const isOpen = typeof node?.additionalProperties === 'object'
      if (Array.isArray(value) || (known.length === 0 && !isOpen && !isPresent)) {
        const what = Array.isArray(value) ? 'is a list' : 'has no keys'
        return this.refuse(parameter, `\`${path}\`: \`${holder}\` ${what}`, `vary all of it: \`${holder}: […]\``)
      }
      if (!known.includes(key) && !isPresent && !isOpen) return this.refuseUnknown(parameter, depth, known)
      const chosen = node?.maxProperties === 1 ? chosenIn(value) : undefined
      if (chosen !== undefined && chosen !== key) return this.refuseOther(parameter, depth, chosen)
      value = isMap(value) ? value[key] : undefined
    }
    return true
  }

  private refuseUnknown(parameter: Parameter, depth: number, known: readonly string[]): boolean {
    const { keys, path } = parameter
    const key = keys[depth]!
    const { word, help } = suggestWord(key, known)
    const where = depth === 0 ? 'a spec' : `\`${keys[depth - 1]}\``
    const message = `${depth === 0 ? '' : `\`${path}\`: `}${where} has no key \`${key}\``
    return this.refuse(
      parameter,
      message,
      help,
      word === undefined ? undefined : [...keys.slice(0, depth), word, ...keys.slice(depth + 1)],
    )
  }

  /** @param chosen The part that the spec chooses, while the path leads into another one. */
  private refuseOther(parameter: Parameter, depth: number, chosen: string): boolean {
    const { keys, path, origin } = parameter
    const holder = keys.slice(0, depth).join('.')
    const other = keys[depth]!
    const options = keys.slice(depth + 1)
    const inside =
      options.length === 0 ? `${other}: …` : `${other}: { ${options.join(': { ')}: … ${'}'.repeat(options.length)}`
    this.context.report('sweep/other-choice', origin, `\`${path}\`: the \`${holder}\` of this spec is \`${chosen}\``, {
      atKey: true,
      help: `vary all of it, as in \`${holder}: [${chosen}, { ${inside} }]\``,
    })
    return false
  }

  /** @param meant The keys that were probably meant. */
  private refuse({ origin }: Parameter, message: string, help: string, meant?: readonly string[]): boolean {
    const path = meant?.join('.')
    const span = origin.written.locateKey(origin.path)
    this.context.report('sweep/unknown-path', origin, message, {
      atKey: true,
      help: path === undefined ? help : `did you mean \`${path}\`?`,
      fixes:
        path === undefined
          ? []
          : [{ kind: 'suggestion', title: `replace it with \`${path}\``, edits: [{ span, newText: yamlText(path) }] }],
    })
    return false
  }
}

/** The sections of a spec that a sweep may vary. */
function topKeys(node: SchemaNode | undefined, root: Readonly<Record<string, unknown>>): string[] {
  const known = [...Object.keys(node?.properties ?? {}), ...(root['vars'] === undefined ? [] : ['vars'])]
  return known.filter((key) => !fixedSections.has(key))
}

/** The part that a value chooses: `sgd`, or the only key of `{ sgd: { … } }`. */
function chosenIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value.startsWith('$') ? undefined : value
  const keys = isMap(value) ? Object.keys(value).filter((key) => !key.startsWith('x-')) : []
  return keys.length === 1 ? keys[0] : undefined
}
