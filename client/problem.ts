/**
 * What a call of the API throws when it did not succeed.
 *
 * 1. A refusal of the server is a DrawdownProblem; its `refusal` is the name in the API document and never changes its meaning.
 * 2. A server that gave no answer is a DrawdownUnreachable: whether it did what was asked is unknown.
 * 3. An abort by the caller's own signal is passed on as it is.
 */

/** One field of the request at fault. */
export type FieldError = { field: string; message: string }

/** RFC 9457 problem details as an error. `message` is the detail: one sentence for people. */
export class DrawdownProblem extends Error {
  override readonly name = 'DrawdownProblem'
  /** `/problems/<refusal>`. */
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly requestId: string | undefined
  readonly errors: readonly FieldError[]
  /** Further fields of the problem, as the refusal defines them. */
  readonly extra: Readonly<Record<string, unknown>>

  constructor(body: ProblemBody, status: number) {
    super(body.detail ?? body.title ?? `The server answered with status ${status}.`)
    const { type, title, detail, status: _, request_id: requestId, errors, ...extra } = body
    this.type = type ?? 'about:blank'
    this.title = title ?? 'Problem'
    this.status = status
    this.detail = detail ?? this.message
    this.requestId = requestId
    this.errors = errors ?? []
    this.extra = extra
  }

  /** The name of the refusal: `idempotency_conflict`, `preview_expired` … */
  get refusal(): string {
    return this.type.slice(this.type.lastIndexOf('/') + 1)
  }
}

/** No answer came: no server there, the connection broke, or what answered is not this API. */
export class DrawdownUnreachable extends Error {
  override readonly name = 'DrawdownUnreachable'
  readonly url: string

  constructor(url: string, cause: unknown) {
    super(`No Drawdown server answers at ${url}.`, { cause })
    this.url = url
  }
}

export type ProblemBody = {
  type?: string
  title?: string
  status?: number
  detail?: string
  request_id?: string
  errors?: FieldError[]
  [field: string]: unknown
}

/** Turns whatever a failed call gave into what is thrown. `response` is absent when none came. */
export function toThrown(fault: unknown, response: Response | undefined, url: string): unknown {
  if (response === undefined) return isAbort(fault) ? fault : new DrawdownUnreachable(url, fault)
  if (isProblemBody(fault)) return new DrawdownProblem(fault, response.status)
  return new DrawdownProblem({}, response.status)
}

function isAbort(fault: unknown): boolean {
  return fault instanceof Error && (fault.name === 'AbortError' || fault.name === 'TimeoutError')
}

function isProblemBody(fault: unknown): fault is ProblemBody {
  return typeof fault === 'object' && fault !== null && 'title' in fault
}
