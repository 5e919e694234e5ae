/**
 * What the handlers work with: made once by server.ts (and by the tests), handed to every handler as `services`.
 *
 * Each room adds the line of what it offers here. Nothing in this file does anything.
 */
import type { FastifyBaseLogger } from 'fastify'
import type { Identity } from '../accounts/identity.ts'
import type { EventHub } from '../automations/events.ts'
import type { Config } from '../config.ts'
import type { Database } from '../database/connect.ts'
import type { ImageWork } from '../images/image-work.ts'
import type { ClockMoved, ClockRefused } from '../jobs/advance-clock.ts'
import type { FetchedModels } from '../jobs/fetch-models.ts'
import type { Attempt } from '../ledger/collect-payments.ts'
import type { RefundToSend } from '../ledger/refund-payments.ts'
import type { Sealer } from '../outbox/seal-secret.ts'
import type { Outside } from '../outgoing/outside.ts'

import type { Papers } from '../papers/open-papers.ts'
import type { ChargeOutcome, EventReading, PaymentProvider, RefundOutcome } from '../payments/provider.ts'

import type { FileStore } from '../storage/file-store.ts'
import type { HotFolders } from '../storage/hot-folders.ts'

export type Services = {
  config: Config
  db: Database
  /** Users, their sessions and passwords. */
  identity: Identity
  /** Made at each start and kept in server.json: whoever can read that file is the operator. Begins with `ddo_`. */
  operatorToken: string
  /** Whether the image models are here. */
  models: Omit<FetchedModels, 'stop'>
  /** Uploaded and made files. */
  files: FileStore
  /** Folders whose files are run by themselves; null where the operator has no place for them. */
  hotFolders: HotFolders | null
  /** Looks at uploaded pictures; runs are worked on by the claimers, not by requests. */
  imageWork: ImageWork
  /** Previews: decoder children of their own, so that a run keeps nobody waiting. */
  previewWork: ImageWork
  /** What changed in the database, as hints to look again. */
  events: EventHub
  /** The way to addresses that customers name. */
  outside: Outside
  /** Seals what has to be read again, such as the secrets of webhooks. */
  sealer: Sealer
  payments: PaymentProvider
  /** Invoices, credit notes and receipts as files. */
  papers: Papers
  /** Sends a stored attempt to the payment provider and books the outcome. */
  sendAttempt(accountId: string, attempt: Attempt): Promise<ChargeOutcome>
  /** Sends a stored refund to the payment provider and books the outcome. */
  sendRefund(refund: RefundToSend): Promise<RefundOutcome>
  /** Where the payer confirms a payment that waits for them; null where it does not wait. What it has come to is booked. */
  confirmPayment(accountId: string, given: { paymentId: string; returnUrl: string }): Promise<string | null>
  /** Looks what became of a payment without an outcome; with `giveUp`, one that waits for its payer is given up. */
  resolvePayment(accountId: string, given: { paymentId: string; giveUp?: boolean }): Promise<void>
  /** Stores what the payment provider has posted; it is handled after that. */
  receiveEvent(posted: { body: string; signature: string }): Promise<EventReading>
  /** Finalizes and collects whatever the account owes now. */
  collect(accountId: string): Promise<void>
  /** Moves the sandbox clock of an account, living through everything on the way. */
  advanceClock(accountId: string, to: Date): Promise<ClockMoved | ClockRefused>
  log: FastifyBaseLogger
}
