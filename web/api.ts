/**
 * The typed client of one account, and the few addresses that a browser loads by itself.
 *
 * Called by queries.ts and by the pages' mutations.
 */
import { createClient, type DrawdownClient, DrawdownProblem, DrawdownUnreachable } from '@drawdown/client'

const clients = new Map<string, DrawdownClient>()

/** The client of an account; with '' the one of a signed-in person outside any account. */
export function apiOf(accountId: string): DrawdownClient {
  const known = clients.get(accountId)
  if (known) return known
  const client = createClient({ url: '', accountId: accountId === '' ? undefined : accountId })
  clients.set(accountId, client)
  return client
}

/**
 * An address that the browser loads by itself, such as that of a picture or a ZIP. Such a request can carry no header,
 * so that the account stands in the address.
 */
export function fileAddress(path: string, accountId: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}account=${accountId}`
}

/** What to tell a person about a call that failed: the server's own sentence where there is one. */
export function faultText(fault: unknown): string {
  // The client names the address, which in a browser is the page's own.
  if (fault instanceof DrawdownUnreachable) return 'The server does not answer. Please try again in a moment.'
  return fault instanceof Error ? fault.message : 'Something unexpected happened. Please try again.'
}

/** Whether a call was refused by this name. */
export function isRefusal(fault: unknown, ...names: string[]): boolean {
  return fault instanceof DrawdownProblem && names.includes(fault.refusal)
}

/** What the server says of single fields, by their path; empty where it says nothing of fields. */
export function fieldFaults(fault: unknown): Record<string, string> {
  if (!(fault instanceof DrawdownProblem)) return {}
  return Object.fromEntries(fault.errors.map(({ field, message }) => [field, message]))
}

/** Whether a call failed because nobody is signed in. */
export function isSignedOut(fault: unknown): boolean {
  return fault instanceof DrawdownProblem && fault.status === 401
}
