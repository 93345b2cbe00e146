/**
 * Builds `dist/`: the command line and the library, bundled so that `check` starts fast, and their types. Large packages
 * that only some commands need (TensorFlow.js, ts-morph, prettier, …) are not bundled, but loaded on demand.
 */
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type BuildOptions, type Plugin } from 'esbuild'
import { buildStudio } from './buildStudio.ts'
import { bundlePageAssets } from './bundlePageAssets.ts'
import { bundledPackages, printNotices } from './thirdPartyNotices.ts'
import { yamlInModules } from './yamlInModules.ts'

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
rmSync(at('dist'), { recursive: true, force: true })
mkdirSync(at('dist'), { recursive: true })

const common = {
  outdir: at('dist'),
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  mainFields: ['module', 'main'],
  external: [
    '@tensorflow/*',
    'ts-morph',
    'prettier',
    'cli-progress',
    'cli-table3',
    'ajv',
    'yauzl',
    'yazl',
    'sharp',
    'fast-png',
    'h5wasm',
    '@bufbuild/*',
    '@cornerstonejs/*',
    'sixel',
    'picomatch',
  ],
  minify: true,
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
} satisfies BuildOptions

/** The modules of commands, which the command table loads on demand; each is an entry point. */
const table = readFileSync(at('src/cli/commands/table.ts'), 'utf8')
const actions = [...table.matchAll(/import\('\.\.\/(\w+\.ts)'\)/g)].map(([, file]) => at(`src/cli/${file}`))
/** The modules that run in threads. */
const threads = ['backends/interpret/serveProgram.ts', 'tasks/import/keras/hdf5Thread.ts'].map((file) =>
  at(`src/${file}`),
)
const separate: Plugin = {
  name: 'commands-stay-separate',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.\// }, ({ path, kind, importer }) =>
      kind === 'dynamic-import' && importer.endsWith('table.ts')
        ? { path: path.replace(/^\.\.\/(.*)\.ts$/, './cli/$1.js'), external: true }
        : undefined,
    )
  },
}
/**
 * Loads TensorFlow.js and Prettier with `require`. For an `import` of a CommonJS module, Node searches its text for the
 * exported names, which doubles the loading time. Also, src/patches/codeCache.ts caches only required modules.
 */
const requiredPackages: Plugin = {
  name: 'packages-are-required',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(@tensorflow|prettier)\// }, ({ path, kind }) =>
      kind === 'require-call' ? undefined : { path, namespace: 'required' },
    )
    onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
      // Prettier's named export is used through `import()`, so it is stated.
      contents: path.startsWith('prettier/')
        ? `const loaded = require(${JSON.stringify(path)}); export default loaded; export const { format } = loaded`
        : `module.exports = require(${JSON.stringify(path)})`,
    }))
  },
}
const started = await build({
  ...common,
  entryPoints: [at('src/cli/bin.ts'), at('src/cli/main.ts')],
  format: 'cjs',
  // In Node 20, a script from a code cache cannot use `import()`; `require` loads ES modules since 20.19.
  supported: { 'dynamic-import': false },
  outExtension: { '.js': '.cjs' },
  plugins: [separate, yamlInModules],
})
// esbuild leaves other characters in regular expressions as they are. Node decodes a file of ASCII ten times faster.
const main = at('dist/main.cjs')
writeFileSync(
  main,
  readFileSync(main, 'utf8').replaceAll(
    /[^\0-\x7f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  ),
)
const loaded = await build({
  ...common,
  entryPoints: [
    ...[at('src/index.ts'), at('src/train.ts'), ...threads, ...actions].map((file) => ({
      in: file,
      out: relative(at('src'), file).replace(/\.ts$/, ''),
    })),
    // Not in dist/studio, which holds the page alone.
    { in: at('src/studio/helper/serveHelper.ts'), out: 'studioHelper/serveHelper' },
  ],
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  plugins: [requiredPackages, yamlInModules],
  // Bundled CommonJS packages load Node's own modules with require.
  banner: {
    js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
  },
})
/** `shapewright/check` also runs in browsers: one file without imports. */
const core = await build({
  ...common,
  entryPoints: [at('src/check.ts')],
  platform: 'browser',
  target: 'es2022',
  format: 'esm',
  external: [],
  plugins: [yamlInModules],
})
const packages = [
  ...bundledPackages(started.metafile),
  ...bundledPackages(core.metafile),
  ...bundledPackages(loaded.metafile),
  ...bundlePageAssets().packages,
  ...(await buildStudio()),
]
writeFileSync(
  at('dist/THIRD_PARTY_NOTICES.txt'),
  `Code of these packages is in the files of this folder, and in the pages that it writes.\n\n${printNotices(packages)}`,
)
// The runtime loads its kernels from its own folder.
for (const name of ['trainingKernels.wasm', 'relaxedKernels.wasm']) {
  copyFileSync(at(`src/runtime/kernels/${name}`), at(`dist/chunks/${name}`))
}
cpSync(at('generated/wasm-training'), at('dist/wasm-training'), { recursive: true })
chmodSync(at('dist/bin.cjs'), 0o755)

const types = spawnSync(
  process.execPath,
  [at('node_modules/typescript/bin/tsc'), '-p', at('tsconfig.build.json'), '--singleThreaded'],
  {
    stdio: 'inherit',
  },
)
process.exitCode = types.status ?? 1
