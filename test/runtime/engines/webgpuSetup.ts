/** Finds a Vulkan driver in software for tests of the webgpu engine: the one of the system, or that of Debian's chromium. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'

const chromium = '/usr/lib/chromium'
const driver = `${chromium}/vk_swiftshader_icd.json`

/** The environment in which the engine accepts an adapter in software. */
export const softwareEnvironment: NodeJS.ProcessEnv = {
  ...process.env,
  SHAPEWRIGHT_WEBGPU: 'software',
  ...(process.env['VK_ICD_FILENAMES'] === undefined &&
    existsSync(driver) && {
      VK_ICD_FILENAMES: driver,
      // Chromium comes with the loader of drivers too.
      LD_LIBRARY_PATH: [chromium, process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':'),
    }),
}

/** Runs a TypeScript file in that environment, and returns what it prints. */
export function runWithAdapter(file: string, env = softwareEnvironment): Promise<{ stdout: string; stderr: string }> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, ['--import', 'tsx', file], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk) => (stdout += chunk))
    child.stderr.on('data', (chunk) => (stderr += chunk))
    child.on('error', fail)
    child.on('close', () => done({ stdout, stderr }))
  })
}
