/** The script that a spec compiles to, beside the spec and written again as it changes. */
import { useSignal, useSignalEffect } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { CompiledScript } from '../../protocol.ts'
import { CopyButton } from '../copyButton.tsx'
import { mountCodeView, type CodeView } from '../editor/codeView.ts'
import { saveFile } from '../saveFile.ts'
import { Markdown } from '../markdown.tsx'
import { messageOf } from '../messageOf.ts'
import type { ViewProps } from '../views.ts'

/** How long the text has to stay the same before it is compiled, in milliseconds. */
const pause = 350

export function CompileView({ session }: ViewProps) {
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
        const compiled = await session.backend.compile(checked.file, checked.text, chosen)
        if (isOld) return
        script.value = compiled
        problem.value = undefined
      } catch (error) {
        if (!isOld) problem.value = messageOf(error)
      }
    }, pause)
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
            <button
              type="button"
              onClick={() => saveFile(value.fileName, new Blob([value.text], { type: 'text/plain' }))}
            >
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
      <div class="script" ref={parent} hidden={value === undefined} data-old={problem.value !== undefined} />
    </div>
  )
}
