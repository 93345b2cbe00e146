#!/usr/bin/env node
// Compiles the WASM training kernels: src/runtime/kernels/assembly/*.ts -> src/runtime/kernels/trainingKernels.wasm.
// With --check, compares the committed file with what the source gives, and exits with 1 where it is stale.
import { main as compileAssembly } from 'assemblyscript/asc'
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const source = 'src/runtime/kernels/assembly/index.ts'
const target = 'src/runtime/kernels/trainingKernels.wasm'
const root = fileURLToPath(new URL('..', import.meta.url))

// The kernels run in the memory of the TensorFlow.js backend, and may own no byte of it: no runtime, no data.
const flags = '--runtime stub --importMemory --noExportMemory --memoryBase 0 --enable simd -O3 --noAssert --noColors'

const wasm = await compile()
if (process.argv.includes('--check')) {
  const committed = await readFile(root + target).catch(() => Buffer.alloc(0))
  if (!wasm.equals(committed)) {
    console.error(`${target} does not match ${source}: run \`node scripts/buildKernels.mjs\` and commit the result.`)
    process.exit(1)
  }
  console.error(`${target} is up to date.`)
} else {
  await writeFile(root + target, wasm)
  console.error(`${target}: ${wasm.length} bytes`)
}

async function compile() {
  let binary
  const { error, stderr } = await compileAssembly(
    [source, '--baseDir', root, '--outFile', 'kernels.wasm', ...flags.split(' ')],
    {
      writeFile: (_name, contents) => (binary = contents),
    },
  )
  if (error || !binary) {
    console.error(stderr.toString())
    process.exit(1)
  }
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(binary))
  if (imports.length !== 1 || imports[0].kind !== 'memory') {
    console.error('The kernels may import nothing but the memory, not ' + imports.map(({ name }) => name).join(', '))
    process.exit(1)
  }
  return Buffer.from(binary)
}
