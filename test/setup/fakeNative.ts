import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { vi } from 'vitest'
import type { SetupProgress } from '../../src/setup/setupProgress.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}

/** What a wheel of TensorFlow holds, small, and among it things that must not be unpacked. */
export const wheelFiles: Readonly<Record<string, string>> = {
  'tensorflow/__init__.py': 'import this',
  'tensorflow/libtensorflow_cc.so.2': 'library '.repeat(1000),
  'tensorflow/libtensorflow_framework.so.2': 'framework '.repeat(500),
  'tensorflow/include/tensorflow/c/c_api.h': '// C API',
  'tensorflow/include/tsl/platform/ctstring.h': '// string',
  'tensorflow/include/Eigen/Core': '// C++',
  'tensorflow/include/tensorflow/core/public/version.h':
    '#define TF_MAJOR_VERSION 2\n#define TF_MINOR_VERSION 15\n#define TF_PATCH_VERSION 1\n',
  'tensorflow_cpu-2.15.1.dist-info/METADATA': 'Name: tensorflow-cpu',
}

/** A zip archive, deflated, as bytes. */
export function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const local: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const [name, text] of Object.entries(files)) {
    const raw = Buffer.from(text)
    const packed = deflateRawSync(raw)
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(8, 4)
    shared.writeUInt32LE(crc32(raw), 10)
    shared.writeUInt32LE(packed.length, 14)
    shared.writeUInt32LE(raw.length, 18)
    shared.writeUInt16LE(name.length, 22)
    const header = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), shared, Buffer.from(name), packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    central.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), shared, tail, Buffer.from(name))
    local.push(header)
    offset += header.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(Object.keys(files).length, 8)
  end.writeUInt16LE(Object.keys(files).length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...local, directory, end])
}

export interface FakeMachine {
  readonly module: string
  readonly cache: string
  readonly wheel: string
  readonly addon: string
  readonly bin: string
}

/**
 * A package tfjs-node, a wheel, a cache and a PATH of their own. The build "compiles" a module that reads its version
 * from the library; the official host refuses every connection.
 */
export async function fakeMachine(): Promise<FakeMachine> {
  const folder = temporaryFolder()
  const module = join(folder, 'node_modules/@tensorflow/tfjs-node')
  await writeFiles(module, {
    'package.json': JSON.stringify({
      version: '4.22.0',
      binary: { host: 'http://127.0.0.1:1/', napi_versions: [3, 8] },
    }),
    'binding.gyp': '{}',
    'binding/tfjs_binding.cc': '',
    'scripts/install.js': '',
  })
  // Stands for node-pre-gyp: copies the source of an "addon" to where the real one is built. It is a `.node` that is a
  // JavaScript link, so the probe is replaced as well, see the tests.
  await writeFiles(join(folder, 'node_modules/@mapbox/node-pre-gyp'), {
    'package.json': '{"name":"@mapbox/node-pre-gyp"}',
    'bin/node-pre-gyp': `
      const fs = require('fs')
      if (fs.existsSync(${JSON.stringify(join(folder, 'compiler-fails'))})) {
        console.error('tfjs_binding.cc:1:1: error: expected a declaration')
        process.exit(1)
      }
      fs.accessSync('deps/include/tensorflow/c/c_api.h')
      fs.writeFileSync('lib/napi-v8/tfjs_binding.node', 'addon')`,
  })
  const wheel = join(folder, 'tensorflow_cpu-2.15.1-any.whl')
  await writeFile(wheel, zipOf(wheelFiles))
  const bin = join(folder, 'bin')
  const gyp = join(folder, 'node-gyp.js')
  await writeFiles(folder, {
    'node-gyp.js': '',
    'bin/python3': '#!/bin/sh\nif [ "$2 $3" = "pip --version" ]; then echo "pip 23.2.1 from here"; else exit 1; fi\n',
    'bin/make': '#!/bin/sh\n',
    'bin/c++': '#!/bin/sh\n',
  })
  for (const name of ['python3', 'make', 'c++']) await chmod(join(bin, name), 0o755)
  vi.stubEnv('PATH', bin)
  for (const name of ['PYTHON', 'MAKE', 'CXX', 'HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']) {
    vi.stubEnv(name, undefined)
  }
  for (const name of ['TFJS_NODE_BASE_URI', 'TFJS_NODE_CDN_STORAGE', 'CDN_STORAGE']) vi.stubEnv(name, undefined)
  vi.stubEnv('npm_config_node_gyp', gyp)
  return {
    module,
    cache: join(folder, 'cache'),
    wheel,
    addon: join(module, 'lib/napi-v8/tfjs_binding.node'),
    bin,
  }
}

/** Progress that is kept. */
export interface Recorder extends SetupProgress {
  readonly steps: string[]
  readonly notes: string[]
  last: readonly [number, number | undefined]
}

export function recorder(): Recorder {
  return {
    steps: [],
    notes: [],
    last: [0, undefined],
    step(text) {
      this.steps.push(text)
    },
    note(text) {
      this.notes.push(text)
    },
    bytes(done, total) {
      this.last = [done, total]
    },
  }
}

export function optionsOf({ module, cache, wheel }: FakeMachine): {
  moduleFolder: string
  cacheFolder: string
  from: string
} {
  return { moduleFolder: module, cacheFolder: cache, from: wheel }
}

/** Changes the first byte of the library's packed data: its checksum is then wrong, or it cannot be unpacked. */
export function withWrongByte(zip: Buffer): Buffer {
  const name = 'tensorflow/libtensorflow_cc.so.2'
  const at = zip.indexOf(name) + name.length + 2
  zip.writeUInt8(zip.readUInt8(at) ^ 0x10, at)
  return zip
}
