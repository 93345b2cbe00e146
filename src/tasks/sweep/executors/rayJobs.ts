/** A client of the Jobs API of Ray: https://docs.ray.io/en/latest/cluster/running-applications/job-submission/rest.html */
import { readFileSync } from 'node:fs'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { KnownError } from '../../../system/knownError.ts'
import { parseRecord } from '../../../system/parseRecord.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface RayServer {
  readonly url: URL
  readonly token?: string
}

/**
 * Where Ray takes jobs: the address of its dashboard, which is that of `--ray-address` or RAY_ADDRESS.
 *
 * @throws KnownError if the address is not one of HTTP.
 */
export function findRay(address: string | undefined, environment: Environment): RayServer {
  const written =
    address ?? environment['RAY_API_SERVER_ADDRESS'] ?? environment['RAY_ADDRESS'] ?? 'http://127.0.0.1:8265'
  const url = /^https?:\/\//.test(written) && URL.canParse(written) ? new URL(written) : undefined
  if (url === undefined) {
    throw new KnownError(
      'usage',
      `The address of Ray must be that of its dashboard, such as http://127.0.0.1:8265, not ${JSON.stringify(written)}`,
      'give --ray-address, or set RAY_ADDRESS',
    )
  }
  const token = readToken(environment)
  return { url, ...(token !== undefined && { token }) }
}

/** The token of Ray's authentication, from the places where Ray's own tools read it; undefined if there is none. */
function readToken(environment: Environment): string | undefined {
  if (environment['RAY_AUTH_TOKEN']) return environment['RAY_AUTH_TOKEN']
  if (environment['RAY_AUTH_TOKEN_PATH'] === undefined && environment['RAY_AUTH_MODE'] !== 'token') return undefined
  const path = environment['RAY_AUTH_TOKEN_PATH'] ?? join(homedir(), '.ray', 'auth_token')
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    throw new KnownError(
      'usage',
      `The token of Ray cannot be read from ${path}`,
      'set RAY_AUTH_TOKEN or RAY_AUTH_TOKEN_PATH',
    )
  }
}

/** A job, as far as this client reads it. */
export interface RayJob {
  readonly submission_id: string
  readonly status: 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'STOPPED'
  readonly message?: string
  /** Null or absent if Ray lost the job, or stopped it. */
  readonly driver_exit_code?: number | null
  readonly driver_agent_http_address?: string | null
  /** Milliseconds since 1970. */
  readonly start_time?: number
  readonly end_time?: number
  readonly metadata?: Readonly<Record<string, string>> | null
}

export interface JobRequest {
  readonly submission_id: string
  /** A command for the shell. */
  readonly entrypoint: string
  readonly entrypoint_num_cpus: number
  readonly entrypoint_num_gpus?: number
  readonly metadata: Readonly<Record<string, string>>
}

export async function submitJob(server: RayServer, job: JobRequest): Promise<void> {
  await call(server, 'POST', '/api/jobs/', job)
}

export async function listJobs(server: RayServer): Promise<RayJob[]> {
  const jobs = await call(server, 'GET', '/api/jobs/')
  // Drivers that were not submitted as jobs have no such number.
  return (jobs as RayJob[]).filter(({ submission_id }) => typeof submission_id === 'string')
}

/** Sends SIGTERM to a job; Ray kills it later. A job that has ended is left as it is. */
export async function stopJob(server: RayServer, id: string): Promise<void> {
  await call(server, 'POST', `/api/jobs/${encodeURIComponent(id)}/stop`)
}

/**
 * Sends a request and returns the JSON of its answer. Not by `fetch`: it sends the header sec-fetch-mode, and Ray answers 405
 * to what it takes for a browser.
 *
 * @throws KnownError if Ray cannot be reached or refuses the request.
 */
async function call({ url, token }: RayServer, method: string, path: string, body?: unknown): Promise<unknown> {
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  // A dashboard behind a proxy may have a path of its own.
  const target = new URL(url.pathname.replace(/\/+$/, '') + path, url)
  const { status, text } = await new Promise<{ status: number; text: string }>((done, fail) => {
    const sent = request(target, { method, headers, timeout: 60_000 }, (answer) => {
      let received = ''
      answer.setEncoding('utf8')
      answer.on('data', (part: string) => (received += part))
      answer.on('error', fail)
      answer.on('end', () => done({ status: answer.statusCode ?? 0, text: received }))
    })
    sent.on('timeout', () => sent.destroy(new Error('no answer within 60 seconds')))
    sent.on('error', fail)
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message || String((error as NodeJS.ErrnoException).code) : String(error)
    throw new KnownError(
      'usage',
      `Ray does not answer at ${url.origin}: ${why}`,
      'check --ray-address or RAY_ADDRESS, and whether `ray start --head` runs there',
    )
  })
  if (status === 401 || status === 403) {
    throw new KnownError(
      'usage',
      `Ray at ${url.origin} refuses the request: ${status}`,
      'set RAY_AUTH_TOKEN or RAY_AUTH_TOKEN_PATH to the token of the cluster',
    )
  }
  const answer = parseRecord<{ answer: unknown }>(`{"answer":${text}}`, {})
  if (status >= 200 && status < 300 && answer) return answer.answer
  throw new KnownError(
    'usage',
    `Ray at ${url.origin} answers ${method} ${path} with ${status}: ${text.trim().split('\n').at(-1)}`,
    'see the log of the dashboard on the head node',
  )
}
