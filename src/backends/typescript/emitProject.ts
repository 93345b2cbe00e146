/** The files that make a script a project, to run with `npm install && npm start`: package.json, tsconfig.json, README.md. */
import { printOrigin, fillInDigest } from '../../system/marks.ts'
import type { Program } from '../../program/program.ts'
import type { EmitOptions, EmittedScript } from './emit.ts'
import { importedPackages } from './importedPackages.ts'
import { printComment } from './printExpression.ts'

export interface ProjectFile {
  readonly fileName: string
  readonly text: string
}

/** @param versionOf Returns the version of a package to pin. */
export function emitProject(
  program: Program,
  script: EmittedScript,
  options: EmitOptions,
  versionOf: (name: string) => string,
): ProjectFile[] {
  const origin = printComment(printOrigin(options.specFile, options.version)).slice(3)
  const isTypeScript = options.language !== 'js'
  const imported = importedPackages(script.text, options.backend)
  // tfjs-node is optional: if it fails to install, `auto` uses WebAssembly.
  const optional = options.backend === 'auto' ? imported.filter((name) => name.endsWith('/tfjs-node')) : []
  const dataPackage = program.script?.npmPackage
  const needed = [...imported.filter((name) => !optional.includes(name)), ...(dataPackage ? [dataPackage] : [])]
  const pin = (names: readonly string[]) => Object.fromEntries(names.toSorted().map((name) => [name, versionOf(name)]))
  const description = {
    '//': origin,
    name:
      script.fileName
        .replace(/\.\w+$/, '')
        .toLowerCase()
        .replace(/^[_.]+/, '') || 'model',
    private: true,
    type: 'module',
    scripts: {
      start: `${isTypeScript ? 'tsx' : 'node'} ${script.fileName}`,
      ...(isTypeScript && { typecheck: 'tsc' }),
    },
    dependencies: pin([...needed, ...(isTypeScript ? ['tsx'] : [])]),
    ...(optional.length > 0 && { optionalDependencies: pin(optional) }),
    ...(isTypeScript && { devDependencies: pin(['typescript', '@types/node']) }),
  }
  const files = [
    { fileName: 'package.json', text: `${JSON.stringify(description, undefined, 2)}\n` },
    ...(isTypeScript ? [{ fileName: 'tsconfig.json', text: printTsconfig(origin) }] : []),
    { fileName: 'README.md', text: printReadme(program, script, origin, isTypeScript) },
  ]
  return files.map(({ fileName, text }) => ({ fileName, text: fillInDigest(text) }))
}

function printTsconfig(origin: string): string {
  const compilerOptions = {
    target: 'ES2022',
    lib: ['ES2023'],
    types: ['node'],
    module: 'NodeNext',
    noEmit: true,
    allowImportingTsExtensions: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noImplicitOverride: true,
    noImplicitReturns: true,
    noFallthroughCasesInSwitch: true,
    noPropertyAccessFromIndexSignature: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    skipLibCheck: true,
  }
  return `// ${origin}\n${JSON.stringify({ compilerOptions }, undefined, 2)}\n`
}

function printReadme(program: Program, script: EmittedScript, origin: string, isTypeScript: boolean): string {
  // Escape what would end the comment or start markup.
  const comment = origin.replaceAll('--', '- -').replaceAll('>', '&gt;')
  const run = `${isTypeScript ? 'npx tsx' : 'node'} ${script.fileName}`
  const does = program.experiment
    ? `\`npm start\` trains the network, evaluates it on the test samples and saves the run in \`runs/\`.\n\`npm start -- --help\` lists what it takes, such as \`--epochs\`, \`--batch-size\`, \`--seed\` and \`--data\`.`
    : `It exports \`buildModel(seed)\`, which builds the untrained network.`
  return `<!-- ${comment} -->

# ${script.fileName}

A TensorFlow.js network of ${program.params.toLocaleString('en-US')} parameters.

\`\`\`sh
npm install
npm start        # ${run}
${isTypeScript ? 'npm run typecheck\n' : ''}\`\`\`

${does}
`
}
