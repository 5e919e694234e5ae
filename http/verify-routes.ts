/** What the operator sees of verified books, and does about an account that fails. */
import type { z } from 'zod'
import {
  acceptFindings,
  keepVerified,
  readVerifications,
  startVerifyingAll,
  summarizeVerifications,
  type VerificationState,
} from '../verify/keep-verified.ts'
import { readKeptHeads } from '../verify/kept-heads.ts'
import type { Handlers } from './handlers.ts'
import { refuse, refuseFields } from './problem.ts'
import type { Services } from './rooms.ts'
import type * as proofs from './verify-shapes.ts'

export const handlers = {
  getVerification: ({ services }) => shownVerification(services, null),

  verifyBooks: async ({ services, body }) => {
    const { account_id: accountId, accept: reason } = body
    if (accountId === undefined) {
      if (reason !== undefined)
        return refuseFields([
          { field: 'account_id', message: 'expected the account whose findings are accepted' },
        ])
      await services.db.asService(startVerifyingAll)
      return shownVerification(services, null)
    }
    const [known] = await services.db.asService((tx) => readVerifications(tx, accountId))
    if (!known) return refuse('account_not_found')
    if (reason !== undefined) {
      const accepted = await services.db.asTenant(accountId, (tx) => acceptFindings(tx, accountId, reason))
      services.log.warn({ account_id: accountId, accepted, reason }, 'findings accepted')
    }
    const { heads } = await readKeptHeads(services.config.dataFolder)
    await keepVerified(services.db, accountId, { whole: true, kept: heads.get(accountId) })
    return shownVerification(services, accountId)
  },
} satisfies Partial<Handlers>

function shownVerification({ db }: Services, accountId: string | null) {
  return db.asService(async (tx) => {
    const { accounts, verified, oldestVerifiedAt } = await summarizeVerifications(tx)
    const states = await readVerifications(tx, accountId)
    return {
      accounts,
      verified,
      oldest_verified_at: oldestVerifiedAt,
      data: states.map(shownVerified),
    }
  })
}

/** How one account stands. */
export function shownVerified(state: VerificationState): z.output<typeof proofs.verifiedAccount> {
  return {
    account_id: state.accountId,
    name: state.name,
    verified_at: state.verifiedAt,
    whole_at: state.wholeAt,
    failed_at: state.failedAt,
    parked_at: state.parkedAt,
    findings: state.findings,
  }
}
