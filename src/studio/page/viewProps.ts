import type { Session } from './session.ts'

/** The properties of every view, and of the parts of the page around them. */
export interface ViewProps {
  readonly session: Session
}
