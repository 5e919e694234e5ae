/** What a supervisor asks: whether the process answers, and whether what it needs is there. */
import type { Handlers } from './handlers.ts'
import { DOCUMENT_VERSION } from './openapi.ts'

export const handlers = {
  getHealth: () => ({ status: 'ok' as const, version: DOCUMENT_VERSION }),

  getReadiness: async ({ services, reply }) => {
    const database = await services.db
      .asService((tx) => tx.query('select 1'))
      .then(
        () => true,
        () => false,
      )
    // Without the models everything works but runs, which wait: the service is ready.
    if (!database) reply.code(503).header('retry-after', '5')
    const { models } = services
    const { done = null, total = null } = models.progress ?? {}
    const detail = models.waitingFor() ?? 'The image models are here.'
    return {
      status: database ? ('ready' as const) : ('starting' as const),
      database,
      models: { state: models.state, detail, done, total },
    }
  },
} satisfies Partial<Handlers>
