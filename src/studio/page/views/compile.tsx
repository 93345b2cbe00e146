/** The script that a spec compiles to, beside the spec and written again as it changes. */
import { useSignal, useSignalEffect } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { CompiledScript } from '../../protocol.ts'
import { CopyButton } from '../copyButton.tsx'
import { mountCodeView, type CodeView } from '../editor/codeView.ts'
import { Markdown } from '../markdown.tsx'
import { messageOf } from '../session.ts'
import type { ViewProps } from '../views.ts'

/** How long the text has to stay the same before it is compiled, in milliseconds. */
const calm = 350

export function CompileView({ session }: ViewProps) {
  if (session.backend.compile === undefined) return <NotHere file={session.file.value} />
  return <Script session={session} compile={session.backend.compile} />
}

function NotHere({ file }: { readonly file: string }) {
  const name = file.split('/').at(-1)!
  return (
    <div class="empty not-here">
      <p>Scripts are not compiled on this page, only by the command line and its local studio:</p>
      <pre>{`npx shapewright compile ${name}\nnpx shapewright studio`}</pre>
    </div>
  )
}

interface ScriptProps extends ViewProps {
  readonly compile: NonNullable<ViewProps['session']['backend']['compile']>
}

function Script({ session, compile }: ScriptProps) {
  const { targets } = session.backend
  const target = useSignal(targets[0]?.name ?? 'ts')
  const script = useSignal<CompiledScript | undefined>(undefined)
  const problem = useSignal<string | undefined>(undefined)
  const parent = useRef<HTMLDivElement>(null)
  const code = useRef<CodeView>(undefined)

  useEffect(() => {
    code.current = mountCodeView(parent.current!)
    return () => code.current?.destroy()
  }, [])
  useSignalEffect(() => {
    const checked = session.checked.value
    const chosen = target.value
    if (checked === undefined) return
    if (checked.diagnostics.some(({ severity }) => severity === 'error')) {
      problem.value = 'The spec has errors. The script below is of its last version without errors.'
      return
    }
    let isOld = false
    const timer = setTimeout(async () => {
      try {
        const compiled = await compile.call(session.backend, checked.file, checked.text, chosen)
        if (isOld) return
        script.value = compiled
        problem.value = undefined
      } catch (error) {
        if (!isOld) problem.value = messageOf(error)
      }
    }, calm)
    return () => {
      isOld = true
      clearTimeout(timer)
    }
  })
  useSignalEffect(() => {
    const { value } = script
    if (value !== undefined) code.current?.show(value.fileName, value.text)
  })

  const { value } = script
  return (
    <div class="compile">
      <div class="toolbar" role="toolbar" aria-label="Script">
        <label>
          <span class="visually-hidden">Target</span>
          <select value={target.value} onChange={(event) => (target.value = event.currentTarget.value)}>
            {targets.map(({ name, label }) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </label>
        {value !== undefined && (
          <>
            <CopyButton label="Copy" refused="Not allowed" textOf={() => value.text} />
            <button type="button" onClick={() => download(value)}>
              Download {value.fileName}
            </button>
            <span class="quiet">{value.text.trimEnd().split('\n').length} lines</span>
          </>
        )}
      </div>
      {problem.value !== undefined && (
        <p class="compile-problem" role="status">
          <Markdown text={problem.value} />
        </p>
      )}
      {value === undefined && problem.value === undefined && <p class="empty">Compiling …</p>}
      <div class="script" ref={parent} data-old={problem.value !== undefined} />
    </div>
  )
}

function download({ fileName, text }: CompiledScript): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  link.download = fileName
  link.click()
  URL.revokeObjectURL(link.href)
}
