/** Which account this browser last had open, so that `/` leads back to it. A convenience: nothing depends on it. */

const KEY = 'last account'

export function lastAccount(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}

export function rememberAccount(accountId: string): void {
  try {
    localStorage.setItem(KEY, accountId)
  } catch {
    // Storage may be closed to this page.
  }
}
