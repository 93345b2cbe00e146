/**
 * Decides which requests the server answers. It listens on 127.0.0.1 only, but any page in a browser of this machine can send
 * requests there: the token in the path keeps them out, and the checks of Host and Origin stop a name that was rebound to 127.0.0.1.
 */
import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export interface Access {
  readonly port: number
  readonly token: string
}

/** The path after the token, such as `/api/runs`, or the HTTP status of the refusal. */
export type Admission = { readonly path: string } | { readonly status: 400 | 403 }

export function admit(request: IncomingMessage, { port, token }: Access): Admission {
  const { host, origin } = request.headers
  const site = request.headers['sec-fetch-site']
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  if (host === undefined || !hosts.includes(host)) return { status: 403 }
  if (origin !== undefined && origin !== `http://${host}`) return { status: 403 }
  // A link from another page opens a new window, but neither frames nor scripts of other pages are answered.
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return { status: 403 }
  const [path = ''] = (request.url ?? '').split('?')
  const [, given = '', ...rest] = path.split('/')
  if (!isEqual(given, token)) return { status: 403 }
  try {
    return { path: `/${decodeURIComponent(rest.join('/'))}` }
  } catch {
    return { status: 400 }
  }
}

/** Compares in a time that does not depend on the position of the first difference. */
function isEqual(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** The headers of every reply. Scripts, styles and connections come from the server only; nothing is evaluated or framed. */
export const securityHeaders = {
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const
