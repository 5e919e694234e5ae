/**
 * Sends usage as lines of JSON and reads the answers, one a line.
 *
 * Called by DrawdownClient.recordUsageLines. One request a call, held in memory: whoever has more lines than that calls again.
 *
 * 1. Each line given has its answer, in order; a blank line has none, and none should be given.
 * 2. An answer that broke off is DrawdownUnreachable, like no answer: the same lines may be sent again.
 */
import type { Client } from './generated/client/index.ts'
import type { Problem, UsageRecord } from './generated/types.gen.ts'
import { DrawdownProblem, DrawdownUnreachable } from './problem.ts'

/** What became of one line; `line` counts those that were sent, from 1. */
export type UsageLine =
  | { line: number; status: 200 | 201; usage: UsageRecord }
  | { line: number; status: number; problem: Problem }

/** See DrawdownClient.recordUsageLines. */
export async function sendUsageLines(client: Client, lines: readonly string[]): Promise<UsageLine[]> {
  const url = client.getConfig().baseUrl ?? ''
  try {
    const { data } = await client.post<{ 200: string }, unknown, true>({
      url: '/v1/usage',
      // Without a line it is still a body, and asks no more than whether one may.
      body: lines.map((line) => `${line}\n`).join('') || '\n',
      bodySerializer: null,
      headers: { 'Content-Type': 'application/x-ndjson' },
      parseAs: 'text',
      throwOnError: true,
    })
    const answers = (data as string).split('\n').filter((text) => text !== '')
    if (answers.length === lines.length) return answers.map((text) => JSON.parse(text) as UsageLine)
    throw new Error(`the answer broke off after ${answers.length} of ${lines.length} lines`)
  } catch (fault) {
    if (fault instanceof DrawdownProblem || fault instanceof DrawdownUnreachable) throw fault
    throw new DrawdownUnreachable(url, fault)
  }
}
