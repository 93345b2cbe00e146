/**
 * Finds every name in a spec, where it is defined and where it is used: layers, blocks, variables, parameters and counters.
 * Definition, references and rename answer from this list.
 */
import { isMap } from '../compose/blocks.ts'
import { isReservedWord } from '../compose/expressions/readExpression.ts'
import { isReference } from '../compose/expandValue.ts'
import type { Path, Span } from '../diagnostics/diagnostic.ts'
import { applyType } from '../language/apply.ts'
import type { SourceDocument } from '../source/source.ts'
import { ownBlocks } from './blocks.ts'
import { readParents } from './parentSources.ts'

export type NameKind = 'layer' | 'block' | 'variable'

export interface NamePlace {
  readonly kind: NameKind
  readonly name: string
  readonly span: Span
  readonly isDefinition: boolean
  /** The list of layers, the block or the repeat in which it is known; all places of one name with one scope are the same thing. */
  readonly scope: string
  /** The name of a used layer as `summary` lists it, of which this place may be a step: `stage` in `stage/conv2d`. */
  readonly layer?: string
}

interface Scope {
  readonly id: string
  readonly outer?: Scope
}

type Fields = Readonly<Record<string, unknown>>

const globalScope: Scope = { id: '' }

/**
 * Returns the places of all names in the spec itself, each use with the scope of its definition. Uses of automatic names, and
 * of names from files that the spec extends, have no definition.
 */
export function findNames(source: SourceDocument): readonly NamePlace[] {
  const finder = new NameFinder(
    source.written,
    new Set(readParents(source).flatMap((one) => [...ownBlocks(one).keys()])),
  )
  finder.readSpec()
  return finder.resolve()
}

/** Returns the definitions of the variables and blocks that a spec takes from files that it extends, the nearest file first. */
export function findInheritedNames(source: SourceDocument): readonly NamePlace[] {
  const nearestFirst = readParents(source).toReversed()
  return nearestFirst.flatMap((parent) =>
    findNames(parent)
      .filter(({ kind, isDefinition, scope }) => kind !== 'layer' && isDefinition && scope === globalScope.id)
      .map((one) => ({ ...one, span: { ...one.span, file: parent.file } })),
  )
}

interface FoundUse {
  readonly kind: NameKind
  readonly name: string
  readonly span: Span
  readonly scope: Scope
  readonly layer?: string
}

class NameFinder {
  private readonly source: SourceDocument
  private readonly definitions: NamePlace[] = []
  private readonly uses: FoundUse[] = []
  private readonly blocks: ReadonlySet<string>
  /** The scopes inside calls and repeats, by the scope around them and their names; undefined if several have the name. */
  private readonly insides = new Map<string, Scope | undefined>()

  /** @param inherited The blocks of the files that the spec extends. */
  constructor(source: SourceDocument, inherited: ReadonlySet<string>) {
    this.source = source
    this.blocks = new Set([...inherited, ...Object.keys(asMap(asMap(source.value)['blocks']))])
  }

  readSpec(): void {
    const { vars, blocks, layers, ...others } = asMap(this.source.value)
    for (const name of Object.keys(asMap(vars)))
      this.define('variable', name, this.keySpan(['vars', name]), globalScope)
    this.readReferences(vars, ['vars'], globalScope)
    for (const [name, block] of Object.entries(asMap(blocks))) this.readBlock(name, asMap(block))
    this.readList(layers, ['layers'], globalScope)
    this.readReferences(others, [], globalScope)
    this.readNames(others['outputs'], ['outputs'], globalScope)
    const { layers: chosen, except } = asMap(others['weights'])
    for (const [key, patterns] of Object.entries({ layers: chosen, except })) {
      this.readNames(patterns, ['weights', key], globalScope)
    }
    for (const section of ['lossWeights', 'loss', 'metrics', 'override', 'trainable', 'learningRates']) {
      for (const key of Object.keys(asMap(others[section]))) {
        this.useLayer(key, this.keySpan([section, key]), globalScope)
      }
    }
  }

  /** Gives each use the scope of the nearest definition around it. */
  resolve(): readonly NamePlace[] {
    const known = new Set(this.definitions.map(({ kind, name, scope }) => `${kind} ${scope} ${name}`))
    const resolved = this.uses.map(({ kind, name, span, scope, layer }): NamePlace => {
      let found: Scope | undefined = kind === 'block' ? globalScope : scope
      while (found !== undefined && !known.has(`${kind} ${found.id} ${name}`)) found = found.outer
      return { kind, name, span, isDefinition: false, scope: (found ?? scope).id, ...(layer && { layer }) }
    })
    return [...this.definitions, ...resolved].toSorted((a, b) => a.span.start - b.span.start)
  }

  private readBlock(name: string, { params, inputs, layers }: Fields): void {
    const path = ['blocks', name]
    const scope = { id: path.join('/'), outer: globalScope }
    this.define('block', name, this.keySpan(path), globalScope)
    for (const param of Object.keys(asMap(params))) {
      this.define('variable', param, this.keySpan([...path, 'params', param]), scope)
    }
    this.readReferences(params, [...path, 'params'], scope)
    for (const [index, input] of listOf(inputs).entries()) {
      if (typeof input === 'string') this.define('layer', input, this.valueSpan([...path, 'inputs', index]), scope)
    }
    this.readList(layers, [...path, 'layers'], scope)
  }

  private readList(list: unknown, path: Path, scope: Scope): void {
    if (!Array.isArray(list)) return this.readReferences(list, path, scope)
    for (const [index, item] of list.entries()) this.readItem(item, [...path, index], scope)
  }

  private readItem(item: unknown, path: Path, scope: Scope): void {
    if (typeof item === 'string') {
      if (this.blocks.has(item)) {
        this.use('block', item, this.valueSpan(path), scope)
        this.enter(item, { id: `blocks/${item}` }, scope)
      }
      return this.readReferences(item, path, scope)
    }
    for (const [type, options] of Object.entries(asMap(item))) {
      const place = [...path, type]
      if (this.blocks.has(type)) this.use('block', type, this.keySpan(place), scope)
      this.useParams(type, asMap(options), place)
      const { layers, name, inputs, ...others } = asMap(options)
      if (typeof name === 'string' && !isReference(name))
        this.define('layer', name, this.valueSpan([...place, 'name']), scope)
      this.readNames(inputs, [...place, 'inputs'], scope)
      if (type === applyType) this.readNames(others['layer'], [...place, 'layer'], scope)
      this.readReferences({ name, ...others }, place, scope)
      const called = typeof name === 'string' ? name : type
      if (this.blocks.has(type)) this.enter(called, { id: `blocks/${type}` }, scope)
      if (layers === undefined) continue
      this.enter(called, { id: place.join('/') }, scope)
      this.readRepeat(layers, others['as'], place, scope)
    }
  }

  /** Notes the scope inside a call or a repeat. Without a name of its own, it is called after its type. */
  private enter(name: string, inside: Scope, scope: Scope): void {
    const key = `${scope.id} ${name}`
    const isOther = this.insides.has(key) && this.insides.get(key)?.id !== inside.id
    this.insides.set(key, isOther ? undefined : inside)
  }

  /** The arguments of a call, whose keys are names of parameters. */
  private useParams(type: string, options: Fields, place: Path): void {
    if (!this.blocks.has(type)) return
    const path = ['blocks', type]
    const params = asMap(asMap(asMap(asMap(this.source.value)['blocks'])[type])['params'])
    for (const key of Object.keys(options)) {
      if (Object.hasOwn(params, key)) this.use('variable', key, this.keySpan([...place, key]), { id: path.join('/') })
    }
  }

  private readRepeat(layers: unknown, counter: unknown, path: Path, outer: Scope): void {
    const scope = { id: path.join('/'), outer }
    if (typeof counter === 'string') this.define('variable', counter, this.valueSpan([...path, 'as']), scope)
    this.readList(layers, [...path, 'layers'], scope)
  }

  /** Reads names of layers: one, or a list. */
  private readNames(written: unknown, path: Path, scope: Scope): void {
    if (Array.isArray(written)) {
      for (const [index, name] of written.entries()) this.readNames(name, [...path, index], scope)
    } else if (typeof written === 'string' && !isReference(written)) {
      this.useLayer(written, this.valueSpan(path), scope)
    } else this.readReferences(written, path, scope)
  }

  /**
   * Reads the name of a layer as `summary` lists it. Each step of `stage/0/conv2d` is a name in the scope inside the one before,
   * or the number of an iteration. A pattern with `*` is not a name.
   */
  private useLayer(whole: string, span: Span, scope: Scope): void {
    if (whole.includes('*')) return
    const found: FoundUse[] = []
    let around: Scope | undefined = scope
    let end = span.start - 1
    for (const step of whole.split('/')) {
      const start = end + 1
      end = start + step.length
      if (/^\d+$/.test(step)) continue
      // The calls of other files are not known here, and a name with escapes is not written as it is.
      if (around === undefined || this.source.text.slice(start, end) !== step) {
        this.use('layer', whole, span, scope, whole)
        return
      }
      const layer = whole.slice(0, end - span.start)
      found.push({ kind: 'layer', name: step, span: { start, end }, scope: around, layer })
      around = this.inside(step, around)
    }
    this.uses.push(...found)
  }

  /** The scope inside a call or a repeat that is known in a scope. */
  private inside(name: string, scope: Scope): Scope | undefined {
    let around: Scope | undefined = scope
    while (around !== undefined && !this.insides.has(`${around.id} ${name}`)) around = around.outer
    return around && this.insides.get(`${around.id} ${name}`)
  }

  /** Reads the variables in every `$name` and `$(expression)` inside a value. */
  private readReferences(value: unknown, path: Path, scope: Scope): void {
    if (value !== null && typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) {
        const step = Array.isArray(value) ? Number(key) : key
        if (!key.startsWith('x-')) this.readReferences(inner, [...path, step], scope)
      }
    } else if (isReference(value)) {
      const { start, end } = this.valueSpan(path)
      for (const { index, 0: name } of namesIn(this.source.text.slice(start, end))) {
        this.use('variable', name, { start: start + index, end: start + index + name.length }, scope)
      }
    }
  }

  private define(kind: NameKind, name: string, span: Span, scope: Scope): void {
    this.definitions.push({ kind, name, span, isDefinition: true, scope: scope.id })
  }

  private use(kind: NameKind, name: string, span: Span, scope: Scope, layer?: string): void {
    this.uses.push({ kind, name, span, scope, ...(layer !== undefined && { layer }) })
  }

  private keySpan(path: Path): Span {
    return this.withoutQuotes(this.source.locateKey(path))
  }

  private valueSpan(path: Path): Span {
    return this.withoutQuotes(this.source.locateValue(path))
  }

  private withoutQuotes({ start, end }: Span): Span {
    const isQuoted = /^["']/.test(this.source.text.slice(start, end))
    return isQuoted ? { start: start + 1, end: end - 1 } : { start, end }
  }
}

/** The names of variables in a reference or an expression, without functions, words of the grammar and quoted texts. */
function namesIn(text: string): RegExpExecArray[] {
  const masked = text.replaceAll(/(?<=.)("[^"]*"|'[^']*')/gs, (quoted) => ' '.repeat(quoted.length))
  return [...masked.matchAll(/[A-Za-z_]\w*/g)].filter(([word]) => !isReservedWord(word))
}

function asMap(value: unknown): Fields {
  return isMap(value) ? value : {}
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
