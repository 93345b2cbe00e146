/** The specs that are open in the editor, and a host that reads their texts instead of the files. */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TextDocuments } from 'vscode-languageserver/node.js'
import type { TextDocument } from 'vscode-languageserver-textdocument'
import { isMap } from '../../compose/blocks.ts'
import { looksLikeSpec } from '../../source/looksLikeSpec.ts'
import type { Host } from '../../system/host.ts'
import { nodeHost } from '../../system/nodeHost.ts'
import { openSpec } from '../openSpec.ts'
import type { SpecDocument } from '../specDocument.ts'

export class OpenFiles {
  private readonly texts: TextDocuments<TextDocument>
  private readonly known = new Map<string, { readonly version: number; readonly document: SpecDocument }>()
  private readonly host: Host

  constructor(texts: TextDocuments<TextDocument>) {
    this.texts = texts
    this.host = { ...nodeHost, size: (path) => this.bytesOf(path)?.length ?? nodeHost.size(path), read: this.read }
  }

  /** The analysis of an open file; undefined if it is not a spec. Each version of a text is analyzed once. */
  specAt(uri: string): SpecDocument | undefined {
    const text = this.texts.get(uri)
    if (text === undefined || !looksLikeSpec(text.getText())) return undefined
    const known = this.known.get(uri)
    if (known?.version === text.version) return known.document
    const document = openSpec(text.getText(), pathOf(uri), { host: this.host })
    this.known.set(uri, { version: text.version, document })
    return document
  }

  /** Forgets and returns the other open specs that extend a file, which may be the one that has changed. */
  forgetDependents(uri: string): readonly string[] {
    const dependents = [...this.known].filter(([other, { document }]) => {
      const spec = document.analysis.source.written.value
      return other !== uri && isMap(spec) && Object.hasOwn(spec, 'extends')
    })
    for (const [other] of dependents) this.known.delete(other)
    return dependents.map(([other]) => other)
  }

  close(uri: string): void {
    this.known.delete(uri)
  }

  private readonly read: Host['read'] = (path, part) => {
    const bytes = part.packing === undefined ? this.bytesOf(path) : undefined
    return bytes?.subarray(part.start, part.start + part.length) ?? nodeHost.read(path, part)
  }

  private bytesOf(path: string): Uint8Array | undefined {
    const text = this.texts.all().find(({ uri }) => resolve(pathOf(uri)) === resolve(path))
    return text === undefined ? undefined : new TextEncoder().encode(text.getText())
  }
}

/** The path of a document; a document without a file, such as a new one, has a name only. */
export function pathOf(uri: string): string {
  return uri.startsWith('file:') ? fileURLToPath(uri) : 'untitled.yaml'
}
