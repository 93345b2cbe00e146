/** Scripts of a single file: what others read from beside them stands in them, as base64. */
import { basename, extname } from 'node:path'
import type { Declaration, RuntimeLibrary } from './runtimeLibrary.ts'

/** The runtime with declarations that take their assets from a constant of the script. */
export function withAssetsInside(library: RuntimeLibrary): RuntimeLibrary {
  const changed = new Map<Declaration, Declaration>()
  return {
    find(name) {
      const declaration = library.find(name)
      if (declaration.assets.length === 0) return declaration
      const known = changed.get(declaration) ?? takeInside(declaration)
      changed.set(declaration, known)
      return known
    },
  }
}

/** The name of the constant: `trainingKernels` of trainingKernels.wasm. */
export function assetName(path: string): string {
  return basename(path, extname(path))
}

/** Such a constant. `Buffer.from` skips the ends of lines. */
export function printAsset(path: string, content: Uint8Array): string {
  const lines =
    Buffer.from(content)
      .toString('base64')
      .match(/.{1,118}/g) ?? []
  return `/** ${basename(path)}, in base64. */\nconst ${assetName(path)} = \`\n${lines.join('\n')}\n\``
}

function takeInside(declaration: Declaration): Declaration {
  const text = declaration.assets.reduce((code, path) => {
    const reading = `await readFile(new URL('./${basename(path)}', import.meta.url))`
    if (!code.includes(reading)) throw new Error(`src/runtime reads ${basename(path)} otherwise than by ${reading}`)
    return code.replace(reading, `Buffer.from(${assetName(path)}, 'base64')`)
  }, declaration.text)
  return {
    ...declaration,
    text,
    needsFormat: true,
    imports: declaration.imports.filter(({ local }) => new RegExp(`\\b${local}\\b`).test(text)),
  }
}
