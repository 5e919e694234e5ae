/**
 * Whether a browser sends a request from a page of this service. What changes state by a cookie is taken from nowhere else.
 *
 * Trusted are the public address, and both names of the loopback when page and server have the same port: a page of another
 * program on this machine is another site. Without PUBLIC_URL a server is used on its own machine only.
 */
import type { FastifyRequest } from 'fastify'

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** The browser says it: Origin with every request that changes state; failing that, Sec-Fetch-Site. */
export function isFromThisSite(publicUrl: string, request: FastifyRequest): boolean {
  const { origin, host } = request.headers
  if (origin === undefined) return request.headers['sec-fetch-site'] === 'same-origin'
  if (!URL.canParse(origin)) return false
  const page = new URL(origin)
  if (page.origin === new URL(publicUrl).origin) return true
  return page.protocol === 'http:' && LOOPBACK.includes(page.hostname) && page.host === host
}

/** A program that is no browser says nothing of where it comes from, and brings no cookie that it was not given. */
export function isNoBrowser(request: FastifyRequest): boolean {
  const { origin, cookie } = request.headers
  return origin === undefined && cookie === undefined && request.headers['sec-fetch-site'] === undefined
}
