/** `npm run interop -- TARGET`: compares compiled Python scripts of a target, or imported models, with TensorFlow.js. */

/** The scripts by target, each of which reads its own options. */
const targets: Readonly<Record<string, string>> = {
  keras: './interopKeras.ts',
  pytorch: './interopPytorch.ts',
  import: './interopImport.ts',
  onnx: './interopOnnx.ts',
}

const [, , target = ''] = process.argv
const script = targets[target]
if (script === undefined) {
  process.stderr.write(
    `usage: npm run interop -- TARGET [OPTIONS], where TARGET is one of ${Object.keys(targets).join(', ')}\n`,
  )
  process.exit(2)
}
const { run } = (await import(script)) as { readonly run?: () => Promise<void> }
await run?.()
