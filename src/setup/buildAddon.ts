import { copyFile, cp, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { KnownError } from '../system/knownError.ts'
import type { Tools } from './findTools.ts'
import { lastLines, runCommand } from './runCommand.ts'
import type { SetupProgress } from './setupProgress.ts'
import type { TfjsNode } from './tfjsNode.ts'
import { createFolder } from '../system/createFolder.ts'

/**
 * Copies the package's native sources to a temporary folder, so that the installed package does not change before the addon
 * is known to load. Returns the path of the staged addon.
 */
export async function stageModule(module: TfjsNode, stage: string, libraries: string | undefined): Promise<string> {
  createFolder(stage)
  await copyFile(join(module.folder, 'package.json'), join(stage, 'package.json'))
  for (const name of ['binding.gyp', 'binding', 'scripts']) {
    await cp(join(module.folder, name), join(stage, name), { recursive: true })
  }
  if (libraries !== undefined) await symlink(libraries, join(stage, 'deps'), 'junction')
  const addon = join(stage, 'lib', `napi-v${module.napi}`, 'tfjs_binding.node')
  createFolder(dirname(addon))
  return addon
}

/** Compiles the addon of a staged package with node-pre-gyp, as tfjs-node itself does. */
export async function buildAddon(
  module: TfjsNode,
  stage: string,
  tools: Tools,
  progress: SetupProgress,
  signal: AbortSignal | undefined,
): Promise<void> {
  const result = await runCommand(
    process.execPath,
    [preGypPath(module), 'install', '--build-from-source', '--update-binary'],
    { cwd: stage, env: buildEnvironment(tools), signal, onLine: progress.output?.bind(progress) },
  )
  if (result.code === 0) {
    await fixMacLibraryNames(module, stage, signal)
    return
  }
  const errors = result.output.split('\n').filter((line) => /\berror\b|ERR! stack|not found/i.test(line))
  const detail = errors.length === 0 ? lastLines(result.output, 8) : errors.slice(0, 8).join('\n')
  throw new KnownError(
    'setup/build-failed',
    `the addon of tfjs-node did not compile:\n${detail}`,
    'See the requirements of node-gyp: https://github.com/nodejs/node-gyp#installation. If it tries to download the headers of ' +
      'Node.js, set npm_config_nodedir to a folder that contains include/node.',
  )
}

function preGypPath(module: TfjsNode): string {
  for (const from of [join(module.folder, 'package.json'), import.meta.url]) {
    try {
      const manifest = createRequire(from).resolve('@mapbox/node-pre-gyp/package.json')
      return join(dirname(manifest), 'bin', 'node-pre-gyp')
    } catch {
      // Try again from our own folder: the package may be a copy outside node_modules.
    }
  }
  throw new KnownError(
    'setup/no-module',
    'The package @mapbox/node-pre-gyp, which tfjs-node needs to build its addon, is not installed.',
    'Run: npm install --ignore-scripts @tensorflow/tfjs-node@4.22.0',
  )
}

/** The environment variables by which node-pre-gyp finds node-gyp, Python and the headers of Node. */
export function buildEnvironment(tools: Tools): NodeJS.ProcessEnv {
  return {
    ...process.env,
    JOBS: 'max',
    ...(tools.nodeGyp !== undefined && { npm_config_node_gyp: tools.nodeGyp }),
    ...(tools.python !== undefined && { npm_config_python: tools.python }),
    ...(tools.nodeHeaders !== undefined && { npm_config_nodedir: tools.nodeHeaders }),
  }
}

/**
 * On macOS a library is found by the install name in the addon. tfjs-node's build rewrites a different name than the one in the
 * wheel to a path relative to the addon, so rewrite it here.
 */
async function fixMacLibraryNames(module: TfjsNode, stage: string, signal: AbortSignal | undefined): Promise<void> {
  if (process.platform !== 'darwin') return
  const addon = join(stage, 'lib', `napi-v${module.napi}`, 'tfjs_binding.node')
  await runCommand(
    'install_name_tool',
    ['-change', '@rpath/libtensorflow_cc.2.dylib', '@loader_path/../../deps/lib/libtensorflow_cc.2.dylib', addon],
    { signal },
  )
}
