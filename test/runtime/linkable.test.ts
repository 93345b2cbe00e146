import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Node, Project, type SourceFile, SyntaxKind } from 'ts-morph'
import { describe, expect, it } from 'vitest'
import { isLinkable } from '../../src/backends/typescript/runtimeLibrary.ts'

/**
 * The compiler carries declarations of src/runtime one by one into scripts. These are the rules which make that as
 * simple as it is: nothing has a second name, and nothing happens beside the declarations.
 */
const root = fileURLToPath(new URL('../../src', import.meta.url))
const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(isLinkable)
const project = new Project({ useInMemoryFileSystem: false, skipFileDependencyResolution: true })
const files = paths.map((path) => project.addSourceFileAtPath(join(root, path)))
const packages = new Set(['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-node'])

function topLevelNames(file: SourceFile): string[] {
  return file.getStatements().flatMap((statement) => {
    if (Node.isVariableStatement(statement)) return statement.getDeclarations().map((each) => each.getName())
    if (Node.hasName(statement)) return [statement.getName()]
    return []
  })
}

describe.each(files.map((file) => [relative(root, file.getFilePath()), file] as const))('%s', (_path, file) => {
  it('imports by name, and nothing of ours from outside', () => {
    for (const declaration of file.getImportDeclarations()) {
      const from = declaration.getModuleSpecifierValue()
      expect(declaration.getDefaultImport(), from).toBeUndefined()
      expect(
        declaration.getNamedImports().filter((each) => each.getAliasNode()),
        from,
      ).toEqual([])
      if (declaration.getNamespaceImport()) {
        expect([from, declaration.getNamespaceImport()!.getText()]).toEqual(['@tensorflow/tfjs', 'tf'])
      }
      expect(from.startsWith('node:') || packages.has(from) || /^\.\.?\/.*\.ts$/.test(from), from).toBe(true)
      if (from.startsWith('.')) {
        expect(isLinkable(relative(root, join(file.getDirectoryPath(), from))), from).toBe(true)
      }
    }
  })

  it('has only functions, constants, types and classes, and exports them where they stand', () => {
    for (const statement of file.getStatements()) {
      const allowed =
        Node.isImportDeclaration(statement) ||
        Node.isFunctionDeclaration(statement) ||
        Node.isInterfaceDeclaration(statement) ||
        Node.isTypeAliasDeclaration(statement) ||
        Node.isClassDeclaration(statement) ||
        (Node.isVariableStatement(statement) && statement.getDeclarationKind() === 'const')
      expect(allowed, statement.getText().slice(0, 80)).toBe(true)
    }
  })

  it('has no local with the name of something at the top of any file', () => {
    const top = new Set(files.flatMap((each) => topLevelNames(each)))
    const locals = file
      .getDescendants()
      .filter(
        (node) => Node.isVariableDeclaration(node) || Node.isParameterDeclaration(node) || Node.isBindingElement(node),
      )
      .filter(
        (node) =>
          node.getFirstAncestorByKind(SyntaxKind.Block) ??
          node.getFirstAncestorByKind(SyntaxKind.ArrowFunction) ??
          Node.isParameterDeclaration(node),
      )
      .map((node) => node.getName())
    expect(locals.filter((name) => top.has(name))).toEqual([])
  })
})

describe('src/runtime', () => {
  it('uses the library of ES2022 only, which the tsconfig of a script may have', { timeout: 120_000 }, () => {
    const folder = mkdtempSync(join(root, '../test/backends/.scripts-'))
    const compilerOptions = { target: 'ES2022', lib: ['ES2022'] }
    const [include, exclude] = [paths.map((path) => join(root, path)), []]
    const config = { extends: '../../../tsconfig.json', compilerOptions, include, exclude }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const compiler = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url))
    const { stdout } = spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' })
    rmSync(folder, { recursive: true })
    expect(stdout).toBe('')
  })

  it('gives each name once', () => {
    const all = files.flatMap((file) =>
      topLevelNames(file).map((name) => [name, basename(file.getFilePath())] as const),
    )
    const twice = all.filter(([name], index) => all.findIndex(([other]) => other === name) !== index)
    expect(twice).toEqual([])
  })

  it('imports no name that is declared here too', () => {
    const declared = new Set(files.flatMap(topLevelNames))
    const imported = files.flatMap((file) =>
      file
        .getImportDeclarations()
        .filter((each) => !each.getModuleSpecifierValue().startsWith('.'))
        .flatMap((each) => each.getNamedImports().map((name) => name.getName())),
    )
    expect(imported.filter((name) => declared.has(name))).toEqual([])
  })
})
