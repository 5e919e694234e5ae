import { expect, test } from 'vitest'
import { isTest, readFiles } from './house.ts'

/**
 * Rule R32: drawdown_service sees every account, so only booking batches, claiming, jobs, look-ups before an account is known, and
 * operator routes may use it. Each file stands here with its reason.
 */
const MAY_SEE_EVERY_ACCOUNT: Readonly<Record<string, string>> = {
  'accounts/accept-invitation.ts': 'an invitation is looked up before its account is known',
  'accounts/find-api-key.ts': 'a key is looked up before its account is known',
  'accounts/first-operator.ts': 'operators and their links belong to no account',
  'accounts/list-accounts.ts': 'which accounts a user is a member of, in one query',
  'accounts/operators.ts': 'operators belong to no account',
  'automations/claim-item.ts': 'claiming: whose turn it is',
  'automations/keep-leases.ts': 'a claimer holds items of many accounts',
  'automations/look-into-hot-folder.ts': 'jobs: which hot folder is to be looked into',
  'bench/close.ts': 'moves the clocks of ten thousand accounts to their boundaries',
  'bench/stand.ts': 'opens ten thousand accounts to measure with',
  'http/billing-routes.ts': 'plans on offer are shown to anybody and belong to no account',
  'http/dunning-routes.ts': 'the operator sees what nobody has paid, of all accounts',
  'http/health-routes.ts': 'asks whether the database answers',
  'http/keep-answer.ts': 'keys of writes belong to accounts, users and the operator',
  'automations/unfold-run.ts': 'jobs: which large runs nobody goes on with',
  'http/journal-routes.ts': 'what has been earned, of all accounts, for the operator',
  'http/mail-routes.ts': 'the operator sees the mails of all accounts',
  'http/operator-account-routes.ts': 'the operator sees all accounts',
  'http/operator-routes.ts': 'the operator sees all accounts',
  'http/paper-routes.ts': 'who sells belongs to no account',
  'http/plan-routes.ts': 'the operator publishes and lists plans, which belong to no account',
  'http/rehearsal-routes.ts': 'the operator rehearses prices over all accounts',
  'http/sign-in-routes.ts': 'a mail with a link to set a password is about no account',
  'http/verify-routes.ts': 'the operator sees all accounts',
  'jobs/archive-command.ts': 'the operator asks which months were archived, of all accounts',
  'jobs/archive-usage.ts': 'a month of usage is archived of all accounts',
  'jobs/provider-events.ts': 'what a provider tells is stored before it is known whose it is',
  'jobs/schedule.ts': 'jobs: which accounts are due, and room for the usage of the coming months',
  'jobs/verify-books.ts': 'jobs: which accounts are to be verified',
  'jobs/deliver-outbox.ts': 'jobs: what was delivered long ago is forgotten',
  'ledger/export-journal.ts': 'the journal of all accounts, for the operator',
  'ledger/record-usage.ts': 'booking batches of the operator over many accounts',
  'ledger/rehearse-plan.ts': 'a job of the operator over the accounts that have had a plan',
  'ledger/share-transaction.ts':
    'booking batches: single uses of many callers, each checked to be for its own account',
  'outbox/announce-events.ts': 'jobs: what was recorded, of all accounts, in its order',
  'outbox/send-mails.ts': 'jobs: mails are to people, some of whom have no account',
  'payments/sandbox-afterwards.ts': 'stands for a provider outside, whose memory belongs to no account',
  'payments/sandbox.ts': 'stands for a provider outside, whose memory belongs to no account',
  'scenarios/start-server.ts': 'verifies the books of all accounts of a test',
  'server.ts': 'installs the catalogue',
  'simulation/tell-in-postgres.ts': 'publishes the plans of invented stories',
  'trust/faulty-payments.ts': 'counts what was collected, of all its invented accounts',
  'verify/kept-heads.ts': 'the heads of all chains are kept in one file',
}

test('only those may see every account who have a reason', () => {
  const users = readFiles('.ts')
    .filter((file) => !isTest(file.path) && file.path !== 'database/connect.ts' && file.room !== 'tidy')
    .filter((file) => /\.asService\(/.test(file.text))
    .map((file) => file.path)
  expect(users).toEqual(Object.keys(MAY_SEE_EVERY_ACCOUNT).sort())
})
