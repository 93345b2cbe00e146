/** Parses a Python call with literal arguments, such as `nn.Conv2d(1, 32, kernel_size=(3, 3))`. */

export interface PythonCall {
  /** The name with its module: `nn.Conv2d`. */
  readonly name: string
  readonly positional: readonly unknown[]
  readonly keywords: Readonly<Record<string, unknown>>
}

/** Longer than any call in a spec; limits the work on hostile text. */
const LONGEST = 1000

/** Parses a call. Returns undefined if the text is not a call, or an argument is not a literal. */
export function readPythonCall(text: string): PythonCall | undefined {
  const [, name, inner] = (text.length <= LONGEST && /^\s*([A-Za-z_][\w.]*)\s*\((.*)\)\s*$/s.exec(text)) || []
  if (name === undefined || inner === undefined) return undefined
  const reader = new LiteralReader(inner)
  const positional: unknown[] = []
  const keywords: Record<string, unknown> = {}
  while (!reader.isAtEnd()) {
    const keyword = reader.take(/([A-Za-z_]\w*)\s*=(?!=)/y)
    const value = reader.readValue()
    if (value === undefined) return undefined
    if (keyword !== undefined) keywords[keyword[1]!] = value.value
    else if (Object.keys(keywords).length > 0) return undefined
    else positional.push(value.value)
    if (reader.take(/,/y) === undefined && !reader.isAtEnd()) return undefined
  }
  return { name, positional, keywords }
}

const words: Readonly<Record<string, unknown>> = { True: true, true: true, False: false, false: false, None: null, null: null } // prettier-ignore

class LiteralReader {
  private at = 0
  private readonly text: string

  constructor(text: string) {
    this.text = text
  }

  isAtEnd(): boolean {
    return this.text.slice(this.at).trim() === ''
  }

  /** Skips white space, then consumes and returns a match of the pattern, if there is one. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    while (/\s/.test(this.text[this.at] ?? '')) this.at += 1
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text) ?? undefined
    if (found !== undefined) this.at += found[0].length
    return found
  }

  readValue(depth = 0): { readonly value: unknown } | undefined {
    const number = this.take(/[-+]?(\d[\d_]*\.?\d*|\.\d+)([eE][-+]?\d+)?(?![\w.])/y)
    if (number !== undefined) return { value: Number(number[0].replaceAll('_', '')) }
    const string = this.take(/'([^'\\]*)'|"([^"\\]*)"/y)
    if (string !== undefined) return { value: string[1] ?? string[2] }
    const opening = this.take(/[([]/y)
    if (opening !== undefined) return depth < 4 ? this.readItems(opening[0] === '(' ? ')' : ']', depth) : undefined
    const inner = this.takeCall()
    if (inner !== undefined) return { value: inner }
    // `tf.nn.relu`
    const word = this.take(/[A-Za-z_][\w.]*(?![\w.]|\s*\()/y)?.[0]
    if (word === undefined) return undefined
    return { value: Object.hasOwn(words, word) ? words[word] : word.split('.').at(-1) }
  }

  /** A call within a call is kept as text, which is translated where it ends up. */
  private takeCall(): string | undefined {
    const start = this.take(/[A-Za-z_][\w.]*\s*\(/y)
    if (start === undefined) return undefined
    let depth = 1
    const from = start.index
    while (depth > 0 && this.at < this.text.length) {
      const character = this.text[this.at]
      if (character === '(') depth += 1
      if (character === ')') depth -= 1
      this.at += 1
    }
    return depth === 0 ? this.text.slice(from, this.at) : undefined
  }

  private readItems(closing: string, depth: number): { readonly value: unknown[] } | undefined {
    const items: unknown[] = []
    const close = closing === ')' ? /\)/y : /\]/y
    while (this.take(close) === undefined) {
      const item = this.readValue(depth + 1)
      if (item === undefined) return undefined
      items.push(item.value)
      if (this.take(/,/y) === undefined && this.text[this.at] !== closing) return undefined
    }
    return { value: items }
  }
}
