/**
 * How a command ends that did not do what was asked: one sentence, and what to do about it.
 *
 * Exit codes: 0 done, 1 refused (by the server, or because the present state does not allow it), 2 used wrongly, 130 interrupted.
 */
import { DrawdownProblem, DrawdownUnreachable } from '@drawdown/client'

/** The present state does not allow it. */
export class CommandRefused extends Error {
  override readonly name: string = 'CommandRefused'
  readonly remedy: string
  readonly exitCode: number = 1

  constructor(message: string, remedy: string) {
    super(message)
    this.remedy = remedy
  }
}

/** The command line itself is at fault. */
export class UsedWrongly extends CommandRefused {
  override readonly name = 'UsedWrongly'
  override readonly exitCode = 2
}

/** Prints the fault to standard error, as JSON when asked; answers the exit code. Bugs are thrown on. */
export function reportFault(fault: unknown, json: boolean): number {
  const ended = describeFault(fault)
  if (ended === undefined) throw fault
  const { exitCode, ...body } = ended
  process.stderr.write(
    json ? `${JSON.stringify(body)}\n` : `${[body.detail, body.remedy].filter(Boolean).join('\n')}\n`,
  )
  return exitCode
}

type Ended = { type: string; title: string; detail: string; remedy?: string; exitCode: number } & Record<
  string,
  unknown
>

function describeFault(fault: unknown): Ended | undefined {
  if (fault instanceof DrawdownProblem) {
    const { type, title, status, requestId, errors, extra } = fault
    const fields = errors.map(({ field, message }) => `${field}: ${message}`)
    // With several fields at fault the detail names the first only.
    const detail = fields.length > 1 ? `${title}:\n  ${fields.join('\n  ')}` : `${title}. ${fault.detail}`
    return { ...extra, type, title, status, detail, request_id: requestId, errors, exitCode: 1 }
  }
  if (fault instanceof DrawdownUnreachable) {
    return {
      type: '/problems/unreachable',
      title: 'No server answers',
      detail: fault.message,
      remedy: 'Start one with "npm start", or say where it is with DRAWDOWN_URL.',
      exitCode: 1,
    }
  }
  if (fault instanceof CommandRefused) {
    return {
      type: `/problems/${fault instanceof UsedWrongly ? 'used_wrongly' : 'refused'}`,
      title: fault.message,
      detail: fault.message,
      remedy: fault.remedy,
      exitCode: fault.exitCode,
    }
  }
  return undefined
}
