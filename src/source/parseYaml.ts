/** Text to a YAML document, within bounds: hostile text costs neither the stack nor one's patience. */
import { Composer, Lexer, Parser, YAMLParseError, type CST, type Document } from 'yaml'

/** Deeper nesting than any spec has; keeps recursion off the end of the stack. */
export const DEEPEST = 200

/** A text without structure gives an error for each of its characters, of which only the first is reported. */
const MOST_ERRORS = 100

type ComposeErrorHandler = (...problem: readonly unknown[]) => void

/** The composer with a bound on its errors: to create one costs more than to compose what it is about. */
function createComposer(): Composer {
  const composer = new Composer({ merge: true, prettyErrors: false, logLevel: 'error', uniqueKeys: false })
  const report = composer['onError'] as ComposeErrorHandler
  let errors = 0
  const reportFirst: ComposeErrorHandler = (...problem) => {
    errors += 1
    if (errors <= MOST_ERRORS) report(...problem)
  }
  return Object.assign(composer, { onError: reportFirst })
}

export interface ParsedYaml {
  /** The parser goes on after errors; they are in `errors`. */
  readonly document: Document
  /** Where the text nests too deeply; then the document is empty. */
  readonly tooDeep: number | undefined
}

export function parseYaml(text: string): ParsedYaml {
  const composer = createComposer()
  const parser = new Parser()
  let tooDeep: number | undefined
  function* readTokens(): Generator<CST.Token> {
    let errors = 0
    for (const lexeme of new Lexer().lex(text)) {
      for (const token of parser.next(lexeme)) {
        if (token.type === 'error') errors += 1
        yield token
      }
      // Besides the lists and maps that are open, the document and a scalar.
      if (parser.stack.length > DEEPEST + 3) tooDeep = parser.offset
      if (errors > MOST_ERRORS || tooDeep !== undefined) return
    }
    yield* parser.end()
  }
  const documents = composer.compose(readTokens(), true, text.length)
  // The first always comes: an empty one at the least.
  const document = documents.next().value as Document
  const second = documents.next().value as Document | undefined
  if (second !== undefined && tooDeep === undefined) {
    const [start, end] = second.range ?? [0, 0]
    document.errors.push(new YAMLParseError([start, end], 'MULTIPLE_DOCS', 'a spec must be a single YAML document'))
  }
  return { document, tooDeep }
}
