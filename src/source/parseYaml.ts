/** Parses text to a YAML document, with limits: hostile text cannot overflow the stack or take forever. */
import { Composer, Lexer, Parser, YAMLParseError, type CST, type Document } from 'yaml'

/** Deeper than any spec nests; keeps recursion from overflowing the stack. */
export const maxDepth = 200

/** A text without structure gives an error for each of its characters, but only the first error is reported. */
const MOST_ERRORS = 100

type ComposeErrorHandler = (...problem: readonly unknown[]) => void

/** Creates a composer that records a limited number of errors: creating an error takes longer than composing its text. */
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
  /** Errors do not stop the parser; they are in `errors`. */
  readonly document: Document
  /** The offset where the text nests too deeply, in which case the document is empty. */
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
      // The stack holds the document and a scalar besides the open lists and maps.
      if (parser.stack.length > maxDepth + 3) tooDeep = parser.offset
      if (errors > MOST_ERRORS || tooDeep !== undefined) return
    }
    yield* parser.end()
  }
  const documents = composer.compose(readTokens(), true, text.length)
  // There is always a first document, even if it is empty.
  const document = documents.next().value as Document
  const second = documents.next().value as Document | undefined
  if (second !== undefined && tooDeep === undefined) {
    const [start, end] = second.range ?? [0, 0]
    document.errors.push(new YAMLParseError([start, end], 'MULTIPLE_DOCS', 'a spec must be a single YAML document'))
  }
  return { document, tooDeep }
}
