import type { ViewProps } from './viewProps.ts'

/** What a view of runs shows while there are none, with the way to the first one. */
export function NoRuns({ session, text }: ViewProps & { readonly text: string }) {
  return (
    <div class="empty">
      <p>{text}</p>
      <button type="button" onClick={() => (session.view.value = 'train')}>
        Go to Train
      </button>
    </div>
  )
}
