/** Where to go after signing in: a path of this site only, so that no link can lead elsewhere. */

/** The path of `next` if it is one of this site, else "/". */
export function safeNext(next: string | undefined, origin = window.location.origin): string {
  if (next === undefined || !/^\/(?![/\\])/.test(next)) return '/'
  if (!URL.canParse(next, origin)) return '/'
  const address = new URL(next, origin)
  return address.origin === origin ? address.pathname + address.search : '/'
}
