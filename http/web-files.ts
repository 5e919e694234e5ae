/**
 * Serves the built web app. Every address that is no file and no part of the API is one of its pages.
 *
 * Files under /assets carry their digest in their name and are kept by browsers for good; the page itself is asked for each time.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

const BUILT = join(import.meta.dirname, '../web/dist')
/** Addresses that are never a page. */
const NOT_A_PAGE = /^\/(v1|auth|docs|problems|assets|healthz|readyz|metrics|openapi\.json)(\/|$)/

export async function serveWebFiles(app: FastifyInstance, folder = BUILT): Promise<void> {
  if (!existsSync(folder)) {
    app.log.warn({ folder }, 'the web app is not built: only the API is served')
    return
  }
  await app.register(fastifyStatic, {
    root: folder,
    prefix: '/',
    wildcard: false,
    index: false,
    dotfiles: 'ignore',
    cacheControl: false,
    // The build leaves a Brotli form beside each file.
    preCompressed: true,
    setHeaders: (response, path) => {
      const forGood = path.startsWith(join(folder, 'assets'))
      response.setHeader('vary', 'accept-encoding')
      response.setHeader('cache-control', forGood ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
}

/** The page for a browser that asks for one; undefined when this is no such request. */
export function webPage(
  request: FastifyRequest,
  path: string,
  reply: FastifyReply,
): FastifyReply | undefined {
  const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
  if (!wantsPage || NOT_A_PAGE.test(path) || !('sendFile' in reply)) return undefined
  return reply.code(200).sendFile('index.html')
}
