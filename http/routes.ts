// biome-ignore-all format: one row a route reads as a table.
/**
 * Every route of the API in one table: who may call it, what it takes and what it answers. The OpenAPI document, the
 * validation, the authorisation matrix and the typed client are all made from these rows; http/app.ts binds each row
 * to its handler and refuses to start when one is missing.
 *
 * Access, from least to most (rule R32 keeps accounts apart beneath it):
 *   public            anybody
 *   signed_in         a signed-in user, whatever the account
 *   account:read      any member, or a key with scope `read`
 *   account:work      editor, admin, owner, or a key with scope `write`
 *   account:billing   billing, admin, owner, or a key with scope `billing:write`
 *   account:manage    admin, owner; never a key
 *   usage:write       a key with scope `usage:write`, or an operator for any account
 *   operator          an operator's session or token
 */
import { z } from 'zod'
import * as accountShapes from './account-shapes.ts'
import * as archives from './archive-shapes.ts'
import * as billingShapes from './billing-shapes.ts'
import * as events from './cloud-events.ts'
import { exportQuery } from './export-shapes.ts'
import * as healthShapes from './health-shapes.ts'
import * as hot from './hot-folder-shapes.ts'
import { idOf } from './ids.ts'
import * as invoiceShapes from './invoice-shapes.ts'
import * as journal from './journal-shapes.ts'
import * as mails from './mail-shapes.ts'
import * as operators from './operator-shapes.ts'
import * as papers from './paper-shapes.ts'
import * as payments from './payment-shapes.ts'
import * as presets from './preset-shapes.ts'
import * as previews from './preview-shapes.ts'
import * as rehearsals from './rehearsal-shapes.ts'
import * as shapes from './shapes.ts'
import * as usageShapes from './usage-shapes.ts'
import * as proofs from './verify-shapes.ts'
import * as webhooks from './webhook-shapes.ts'
import * as workShapes from './work-shapes.ts'

export type Access =
  | 'public'
  | 'signed_in'
  | 'account:read'
  | 'account:work'
  | 'account:billing'
  | 'account:manage'
  | 'usage:write'
  | 'operator'

export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  access: Access
  tag: string
  summary: string
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType
  /** Bodies that are not JSON: their media type. A `body` beside it is taken as JSON as well; the handler sees which one came. */
  consumes?: string
  /** Further media types of JSON, each with a schema that decodes to what `body` does. */
  bodies?: Readonly<Record<string, z.ZodType>>
  /** A media type that is taken beside JSON, as a stream that the handler reads and answers in the same type. */
  streams?: string
  /** Most bytes of a JSON body; one megabyte unless said. */
  bodyLimitBytes?: number
  /** The body comes to the handler as the text that was sent, in `raw.body`: a signature is over its bytes. */
  unread?: true
  /** The handler keeps the Idempotency-Key itself, for ever, in the transaction of what it does. Other writes: keep-answer.ts. */
  idempotent?: true
  /** It writes nothing: the same request is done again and needs no Idempotency-Key. */
  repeatable?: true
  /** The answer holds a secret that is shown once and kept nowhere. */
  secret?: true
  /** Status of success; 200 unless said. */
  status?: 200 | 201 | 202 | 204
  /** Absent with `produces`, or with 204. */
  response?: z.ZodType
  produces?: string
}

const id = <Kind extends Parameters<typeof idOf>[0]>(kind: Kind) => z.object({ id: idOf(kind) })
const list = shapes.listQuery
/** A hundred thousand ids of images. */
const MANY_IDS = 5_000_000
const LARGEST_ARCHIVE = 2_000_000_000

export const routes = {
  // Plans and balance
  listPlans: { method: 'GET', path: '/v1/plans', access: 'public', tag: 'Billing', summary: 'Plans on offer, and what their credits buy', response: billingShapes.planList },
  getBilling: { method: 'GET', path: '/v1/billing', access: 'account:read', tag: 'Billing', summary: 'Plan, period, balance, overage and what the balance buys', response: billingShapes.billing },
  planMix: { method: 'POST', path: '/v1/mix', access: 'account:read', tag: 'Billing', summary: 'What a mix of operations costs and what is left for the others', body: billingShapes.mixRequest, response: billingShapes.mix },
  getAdvice: { method: 'GET', path: '/v1/advice', access: 'account:read', tag: 'Billing', summary: 'What the last terms would have cost on every plan on offer', query: rehearsals.adviceQuery, response: rehearsals.advice },
  changeSubscription: { method: 'POST', path: '/v1/subscription', access: 'account:billing', tag: 'Billing', summary: 'Start or change the plan', body: billingShapes.subscriptionRequest, response: billingShapes.subscriptionResult },
  previewSubscription: { method: 'POST', path: '/v1/subscription/preview', access: 'account:billing', tag: 'Billing', summary: 'What starting or changing the plan would charge and when it takes effect', body: billingShapes.subscriptionRequest, response: billingShapes.subscriptionPreview },
  cancelSubscription: { method: 'POST', path: '/v1/subscription/cancel', access: 'account:billing', tag: 'Billing', summary: 'Cancel at the boundary, or now', body: billingShapes.cancelRequest, response: billingShapes.cancelResult },
  resumeSubscription: { method: 'POST', path: '/v1/subscription/resume', access: 'account:billing', tag: 'Billing', summary: 'Take back a pending change or cancellation', response: billingShapes.resumeResult },
  putPaymentMethod: { method: 'PUT', path: '/v1/payment-method', access: 'account:billing', tag: 'Billing', summary: 'Set the payment method by the token that the payment provider gave', body: billingShapes.paymentMethodRequest, response: billingShapes.paymentMethod },
  openCardForm: { method: 'POST', path: '/v1/payment-method/setup', access: 'account:billing', tag: 'Billing', summary: 'Open the payment provider’s own form for a card', response: billingShapes.cardForm },
  deletePaymentMethod: { method: 'DELETE', path: '/v1/payment-method', access: 'account:billing', tag: 'Billing', summary: 'Remove the payment method', status: 204 },
  listGrants: { method: 'GET', path: '/v1/grants', access: 'account:read', tag: 'Billing', summary: 'Credit grants in the order they are drawn', query: list, response: billingShapes.grantList },
  listEntries: { method: 'GET', path: '/v1/entries', access: 'account:read', tag: 'Billing', summary: 'The journal, newest first', query: list, response: billingShapes.entryList },
  exportEntries: { method: 'GET', path: '/v1/entries.csv', access: 'account:read', tag: 'Billing', summary: 'The journal as CSV, oldest first, streamed', query: exportQuery, produces: 'text/csv' },

  getAlerts: { method: 'GET', path: '/v1/alerts', access: 'account:read', tag: 'Billing', summary: 'What to be told of, and what was told in this period', response: billingShapes.alerts },
  putAlerts: { method: 'PUT', path: '/v1/alerts', access: 'account:billing', tag: 'Billing', summary: 'Set what to be told of: a percentage of the credits, an amount of overage, a forecast', body: billingShapes.alertRequest, response: billingShapes.alerts },
  getPause: { method: 'GET', path: '/v1/pause', access: 'account:read', tag: 'Billing', summary: 'The overage at which automations pause, if the customer has set one', response: billingShapes.pause },
  putPause: { method: 'PUT', path: '/v1/pause', access: 'account:billing', tag: 'Billing', summary: 'Pause automations at an amount of overage, or never (null)', body: billingShapes.pauseRequest, response: billingShapes.pause },

  // Usage
  recordUsage: { method: 'POST', path: '/v1/usage', access: 'usage:write', tag: 'Usage', summary: 'Record usage of an operation: one record, an array that is booked all or nothing, or lines of JSON that each stand alone; also as CloudEvents', body: usageShapes.usageRequest, bodies: { [events.CLOUD_EVENT]: events.cloudEvent, [events.CLOUD_EVENT_BATCH]: events.cloudEventBatch }, streams: 'application/x-ndjson', status: 201, response: usageShapes.usageAnswer },
  listUsage: { method: 'GET', path: '/v1/usage', access: 'account:read', tag: 'Usage', summary: 'Usage records, newest first', query: list, response: usageShapes.usageList },
  exportUsage: { method: 'GET', path: '/v1/usage.csv', access: 'account:read', tag: 'Usage', summary: 'Usage records as CSV, oldest first, streamed', query: exportQuery, produces: 'text/csv' },
  summarizeUsage: { method: 'GET', path: '/v1/usage/summary', access: 'account:read', tag: 'Usage', summary: 'Totals of the current period by day and operation', response: usageShapes.usageSummary },

  // Automations, images, runs
  listOperations: { method: 'GET', path: '/v1/operations', access: 'public', tag: 'Automations', summary: 'Image operations with the schema of their settings', response: workShapes.operationList },
  listPresets: { method: 'GET', path: '/v1/presets', access: 'public', tag: 'Automations', summary: 'What marketplaces ask of a picture, with sources and the steps that make one', response: presets.presetList },
  listAutomations: { method: 'GET', path: '/v1/automations', access: 'account:read', tag: 'Automations', summary: 'Automations, newest first', query: list, response: workShapes.automationList },
  createAutomation: { method: 'POST', path: '/v1/automations', access: 'account:work', tag: 'Automations', summary: 'Save a list of operation steps', body: workShapes.automationRequest, status: 201, response: workShapes.automation },
  getAutomation: { method: 'GET', path: '/v1/automations/:id', access: 'account:read', tag: 'Automations', summary: 'One automation', params: id('automation'), response: workShapes.automation },
  updateAutomation: { method: 'PATCH', path: '/v1/automations/:id', access: 'account:work', tag: 'Automations', summary: 'Change name or steps; runs under way keep theirs', params: id('automation'), body: workShapes.automationPatch, response: workShapes.automation },
  deleteAutomation: { method: 'DELETE', path: '/v1/automations/:id', access: 'account:work', tag: 'Automations', summary: 'Remove an automation; its runs stay', params: id('automation'), status: 204 },
  previewAutomation: { method: 'POST', path: '/v1/automations/preview', access: 'account:work', tag: 'Automations', summary: 'What steps make of one photo, at screen size and marked; free, and kept nowhere', body: previews.previewRequest, repeatable: true, response: previews.preview },
  listHotFolders: { method: 'GET', path: '/v1/hot-folders', access: 'account:read', tag: 'Hot folders', summary: 'Folders whose files are run by themselves, newest first', response: hot.hotFolderList },
  createHotFolder: { method: 'POST', path: '/v1/hot-folders', access: 'account:work', tag: 'Hot folders', summary: 'Connect an automation to a folder: what comes is run, at once or by a schedule', body: hot.hotFolderRequest, status: 201, response: hot.hotFolder },
  getHotFolder: { method: 'GET', path: '/v1/hot-folders/:id', access: 'account:read', tag: 'Hot folders', summary: 'One hot folder', params: id('hot_folder'), response: hot.hotFolder },
  updateHotFolder: { method: 'PATCH', path: '/v1/hot-folders/:id', access: 'account:work', tag: 'Hot folders', summary: 'Change automation or schedule, pause it or let it go on', params: id('hot_folder'), body: hot.hotFolderPatch, response: hot.hotFolder },
  removeHotFolder: { method: 'DELETE', path: '/v1/hot-folders/:id', access: 'account:work', tag: 'Hot folders', summary: 'Disconnect it; files, results and runs stay', params: id('hot_folder'), status: 204 },
  listHotFiles: { method: 'GET', path: '/v1/hot-folders/:id/files', access: 'account:read', tag: 'Hot folders', summary: 'What came into it, newest first, and what became of each file', params: id('hot_folder'), query: list, response: hot.hotFileList },
  uploadImages: { method: 'POST', path: '/v1/images', access: 'account:work', tag: 'Images', summary: 'Upload one or many files, or have one fetched by its address; a file already there answers at once', consumes: 'multipart/form-data', body: workShapes.imageAddress, status: 201, response: workShapes.uploadAnswer },
  uploadArchive: { method: 'POST', path: '/v1/images/archive', access: 'account:work', tag: 'Images', summary: 'Upload a ZIP archive of photos; answered with a line of JSON for each file as it is taken in', consumes: 'application/zip', bodyLimitBytes: LARGEST_ARCHIVE, produces: 'application/x-ndjson' },
  findImages: { method: 'POST', path: '/v1/images/known', access: 'account:read', tag: 'Images', summary: 'Which of these contents are here already, by their SHA-256', body: archives.knownRequest, response: workShapes.imageList },
  listImages: { method: 'GET', path: '/v1/images', access: 'account:read', tag: 'Images', summary: 'Uploaded images, newest first', query: list, response: workShapes.imageList },
  getImageFile: { method: 'GET', path: '/v1/images/:id/file', access: 'account:read', tag: 'Images', summary: 'The image at screen size, re-encoded and stripped', params: id('image'), produces: 'image/webp' },
  removeImage: { method: 'DELETE', path: '/v1/images/:id', access: 'account:work', tag: 'Images', summary: 'Remove a photo and everything that was made of it, for good; what was paid stays', params: id('image'), status: 204 },
  createQuote: { method: 'POST', path: '/v1/quotes', access: 'account:work', tag: 'Runs', summary: 'What a run would cost at most; binds the unit prices', body: workShapes.quoteRequest, bodyLimitBytes: MANY_IDS, status: 201, response: workShapes.quote },
  createRun: { method: 'POST', path: '/v1/runs', access: 'account:work', tag: 'Runs', summary: 'Run an automation over images', body: workShapes.runRequest, bodyLimitBytes: MANY_IDS, idempotent: true, status: 201, response: workShapes.run },
  listRuns: { method: 'GET', path: '/v1/runs', access: 'account:read', tag: 'Runs', summary: 'Runs, newest first', query: list, response: workShapes.runList },
  getRun: { method: 'GET', path: '/v1/runs/:id', access: 'account:read', tag: 'Runs', summary: 'Progress of a run', params: id('run'), response: workShapes.run },
  streamRun: { method: 'GET', path: '/v1/runs/:id/events', access: 'account:read', tag: 'Runs', summary: 'Server-sent events: items as they end, progress, balance', params: id('run'), produces: 'text/event-stream' },
  listItems: { method: 'GET', path: '/v1/runs/:id/items', access: 'account:read', tag: 'Runs', summary: 'Items of a run in order', params: id('run'), query: list, response: workShapes.itemList },
  getReceipt: { method: 'GET', path: '/v1/runs/:id/receipt', access: 'account:read', tag: 'Runs', summary: 'What a run cost, down to image and step', params: id('run'), response: workShapes.receipt },
  getReceiptPdf: { method: 'GET', path: '/v1/runs/:id/receipt.pdf', access: 'account:read', tag: 'Runs', summary: 'What a run cost, as PDF/A', params: id('run'), produces: 'application/pdf' },
  downloadResults: { method: 'GET', path: '/v1/runs/:id/results.zip', access: 'account:read', tag: 'Runs', summary: 'All results as one ZIP, streamed', params: id('run'), produces: 'application/zip' },
  cancelRun: { method: 'POST', path: '/v1/runs/:id/cancel', access: 'account:work', tag: 'Runs', summary: 'Cancel the unfinished items; they cost nothing', params: id('run'), response: workShapes.run },
  retryRun: { method: 'POST', path: '/v1/runs/:id/retry', access: 'account:work', tag: 'Runs', summary: 'Try the failed items again', params: id('run'), response: workShapes.run },
  getItem: { method: 'GET', path: '/v1/items/:id', access: 'account:read', tag: 'Runs', summary: 'One item', params: id('item'), response: workShapes.item },
  checkItem: { method: 'GET', path: '/v1/items/:id/compliance', access: 'account:read', tag: 'Runs', summary: 'Which rules of which marketplace the result meets or misses', params: id('item'), response: presets.complianceList },
  acceptItem: { method: 'POST', path: '/v1/items/:id/accept', access: 'account:work', tag: 'Runs', summary: 'Accept a held item: pay for it and have its result', params: id('item'), response: workShapes.item },
  discardItem: { method: 'POST', path: '/v1/items/:id/discard', access: 'account:work', tag: 'Runs', summary: 'Discard a held item; it costs nothing', params: id('item'), response: workShapes.item },
  quoteRedo: { method: 'POST', path: '/v1/items/:id/redo/quote', access: 'account:work', tag: 'Runs', summary: 'What doing an item again with another crop would cost at most', params: id('item'), body: workShapes.redoQuoteRequest, status: 201, response: workShapes.quote },
  redoItem: { method: 'POST', path: '/v1/items/:id/redo', access: 'account:work', tag: 'Runs', summary: 'Do an item again, cut where a person says, as a run of its own; the crop is remembered for the photo', params: id('item'), body: workShapes.redoRequest, idempotent: true, status: 201, response: workShapes.run },
  getItemFile: { method: 'GET', path: '/v1/items/:id/file', access: 'account:read', tag: 'Runs', summary: 'The result of one item', params: id('item'), produces: 'image/*' },
  getItemPreview: { method: 'GET', path: '/v1/items/:id/preview', access: 'account:read', tag: 'Runs', summary: 'The result of one item at screen size', params: id('item'), produces: 'image/webp' },

  // Invoices
  listInvoices: { method: 'GET', path: '/v1/invoices', access: 'account:read', tag: 'Invoices', summary: 'Invoices, newest first', query: list, response: invoiceShapes.invoiceList },
  exportInvoices: { method: 'GET', path: '/v1/invoices.csv', access: 'account:read', tag: 'Invoices', summary: 'Final invoices as CSV, newest first, streamed', query: exportQuery, produces: 'text/csv' },
  downloadInvoices: { method: 'GET', path: '/v1/invoices.zip', access: 'account:read', tag: 'Invoices', summary: 'The PDFs of all final invoices as one ZIP, streamed', query: exportQuery, produces: 'application/zip' },
  getUpcomingInvoice: { method: 'GET', path: '/v1/invoices/upcoming', access: 'account:read', tag: 'Invoices', summary: 'The invoice that the next boundary would make now', response: invoiceShapes.invoice },
  getInvoice: { method: 'GET', path: '/v1/invoices/:id', access: 'account:read', tag: 'Invoices', summary: 'One invoice with lines and payments', params: id('invoice'), response: invoiceShapes.invoice },
  getInvoiceProof: { method: 'GET', path: '/v1/invoices/:id/proof', access: 'account:read', tag: 'Invoices', summary: 'All that a finalized invoice can be proven with, on a machine of your own: drawdown invoice verify', params: id('invoice'), response: proofs.invoiceProof },
  getInvoicePdf: { method: 'GET', path: '/v1/invoices/:id.pdf', access: 'account:read', tag: 'Invoices', summary: 'A final invoice as PDF/A, in the language of the account', params: id('invoice'), produces: 'application/pdf' },
  getInvoiceUbl: { method: 'GET', path: '/v1/invoices/:id/ubl.xml', access: 'account:read', tag: 'Invoices', summary: 'A final invoice as UBL, by EN 16931', params: id('invoice'), produces: 'application/xml' },
  getInvoiceFacturX: { method: 'GET', path: '/v1/invoices/:id/factur-x.pdf', access: 'account:read', tag: 'Invoices', summary: 'A final invoice as Factur-X (ZUGFeRD): PDF/A with the e-invoice in it, by EN 16931', params: id('invoice'), produces: 'application/pdf' },
  payInvoice: { method: 'POST', path: '/v1/invoices/:id/pay', access: 'account:billing', tag: 'Invoices', summary: 'Try to collect an open invoice now', params: id('invoice'), response: invoiceShapes.invoice },

  listPayments: { method: 'GET', path: '/v1/payments', access: 'account:read', tag: 'Invoices', summary: 'Payments, newest first; with status=action_required, those that wait for their payer', query: payments.paymentQuery, response: payments.paymentList },
  getPayment: { method: 'GET', path: '/v1/payments/:id', access: 'account:read', tag: 'Invoices', summary: 'One payment, asked for at the provider where it has no outcome yet', params: id('payment'), response: payments.payment },
  confirmPayment: { method: 'POST', path: '/v1/payments/:id/confirm', access: 'account:billing', tag: 'Invoices', summary: 'Open the page on which the payer confirms a payment that their bank asks about', params: id('payment'), response: payments.confirmation },
  listCreditNotes: { method: 'GET', path: '/v1/credit-notes', access: 'account:read', tag: 'Invoices', summary: 'Credit notes, newest first', query: list, response: invoiceShapes.creditNoteList },
  getCreditNote: { method: 'GET', path: '/v1/credit-notes/:id', access: 'account:read', tag: 'Invoices', summary: 'One credit note with the usage that it took back', params: id('credit_note'), response: invoiceShapes.creditNote },
  getCreditNotePdf: { method: 'GET', path: '/v1/credit-notes/:id.pdf', access: 'account:read', tag: 'Invoices', summary: 'One credit note as PDF/A', params: id('credit_note'), produces: 'application/pdf' },
  getCreditNoteUbl: { method: 'GET', path: '/v1/credit-notes/:id/ubl.xml', access: 'account:read', tag: 'Invoices', summary: 'One credit note as UBL, by EN 16931', params: id('credit_note'), produces: 'application/xml' },
  getCreditNoteFacturX: { method: 'GET', path: '/v1/credit-notes/:id/factur-x.pdf', access: 'account:read', tag: 'Invoices', summary: 'One credit note as Factur-X (ZUGFeRD), by EN 16931', params: id('credit_note'), produces: 'application/pdf' },
  getBillingDetails: { method: 'GET', path: '/v1/billing-details', access: 'account:read', tag: 'Invoices', summary: 'Name, address, tax id and language of the account, as its invoices have them', response: papers.billingDetails },
  putBillingDetails: { method: 'PUT', path: '/v1/billing-details', access: 'account:billing', tag: 'Invoices', summary: 'Set what invoices say of the account, from the next one on', body: papers.billingDetails, response: papers.billingDetails },

  // Signing in
  signUp: { method: 'POST', path: '/auth/sign-up/email', access: 'public', tag: 'Signing in', summary: 'Become a user, signed in by a cookie', body: accountShapes.signUpRequest, status: 201, response: accountShapes.signedIn },
  signIn: { method: 'POST', path: '/auth/sign-in/email', access: 'public', tag: 'Signing in', summary: 'Sign in by a cookie', body: accountShapes.signInRequest, response: accountShapes.signedIn },
  signOut: { method: 'POST', path: '/auth/sign-out', access: 'public', tag: 'Signing in', summary: 'End the session of the cookie', status: 204 },
  sendPasswordLink: { method: 'POST', path: '/auth/forgot-password', access: 'public', tag: 'Signing in', summary: 'Have a link mailed that sets a new password; answers the same whether anybody is known by the address', body: accountShapes.passwordLinkRequest, status: 204 },
  setPassword: { method: 'POST', path: '/auth/new-password', access: 'public', tag: 'Signing in', summary: 'Set a new password by the link in a mail; every session of the user ends', body: accountShapes.newPasswordRequest, status: 204 },
  becomeFirstOperator: { method: 'POST', path: '/auth/first-operator', access: 'public', tag: 'Signing in', summary: 'Become the first operator, by the link that the server printed', body: accountShapes.firstOperatorRequest, status: 201, response: accountShapes.signedIn },

  // Accounts
  getMe: { method: 'GET', path: '/v1/me', access: 'signed_in', tag: 'Account', summary: 'Who is signed in, and to which accounts', response: accountShapes.me },
  createAccount: { method: 'POST', path: '/v1/accounts', access: 'signed_in', tag: 'Account', summary: 'Create an account, with the caller as its owner', body: accountShapes.accountRequest, status: 201, response: accountShapes.account },
  getAccount: { method: 'GET', path: '/v1/account', access: 'account:read', tag: 'Account', summary: 'This account', response: accountShapes.account },
  listMembers: { method: 'GET', path: '/v1/members', access: 'account:read', tag: 'Account', summary: 'Members and their roles', query: list, response: accountShapes.memberList },
  updateMember: { method: 'PATCH', path: '/v1/members/:user_id', access: 'account:manage', tag: 'Account', summary: 'Change the role of a member', params: z.object({ user_id: z.string() }), body: accountShapes.memberPatch, response: accountShapes.member },
  removeMember: { method: 'DELETE', path: '/v1/members/:user_id', access: 'account:manage', tag: 'Account', summary: 'Remove a member; the last owner stays', params: z.object({ user_id: z.string() }), status: 204 },
  listInvitations: { method: 'GET', path: '/v1/invitations', access: 'account:manage', tag: 'Account', summary: 'Invitations not yet accepted', query: list, response: accountShapes.invitationList },
  createInvitation: { method: 'POST', path: '/v1/invitations', access: 'account:manage', tag: 'Account', summary: 'Invite somebody; answers the link once', body: accountShapes.invitationRequest, secret: true, status: 201, response: accountShapes.invitation },
  acceptInvitation: { method: 'POST', path: '/v1/invitations/accept', access: 'signed_in', tag: 'Account', summary: 'Join the account of an invitation', body: accountShapes.acceptInvitationRequest, response: accountShapes.account },
  listApiKeys: { method: 'GET', path: '/v1/api-keys', access: 'account:manage', tag: 'Account', summary: 'API keys, without their secrets', query: list, response: accountShapes.apiKeyList },
  createApiKey: { method: 'POST', path: '/v1/api-keys', access: 'account:manage', tag: 'Account', summary: 'Make a key; it is shown once', body: accountShapes.apiKeyRequest, secret: true, status: 201, response: accountShapes.apiKey },
  revokeApiKey: { method: 'DELETE', path: '/v1/api-keys/:id', access: 'account:manage', tag: 'Account', summary: 'Revoke a key; the very next request with it is refused', params: id('api_key'), status: 204 },

  // Mail
  getMailPreferences: { method: 'GET', path: '/v1/mail-preferences', access: 'account:read', tag: 'Account', summary: 'Which mails the signed-in person gets from this account', response: mails.mailPreferences },
  putMailPreferences: { method: 'PUT', path: '/v1/mail-preferences', access: 'account:read', tag: 'Account', summary: 'Choose which mails the signed-in person gets from this account', body: mails.mailPreferences, response: mails.mailPreferences },
  unsubscribe: { method: 'POST', path: '/v1/unsubscribe/:token', access: 'public', tag: 'Account', summary: 'Stop mails of one kind, by the link that stands in them (RFC 8058)', params: z.object({ token: z.string().max(400) }), consumes: 'application/x-www-form-urlencoded', body: z.object({}), response: mails.unsubscribed },

  // Webhooks
  listEventTypes: { method: 'GET', path: '/v1/webhooks/events', access: 'public', tag: 'Webhooks', summary: 'Every event with the schema of its data', response: webhooks.eventTypes },
  listEndpoints: { method: 'GET', path: '/v1/webhooks', access: 'account:read', tag: 'Webhooks', summary: 'Where events are sent, newest first', query: list, response: webhooks.endpointList },
  createEndpoint: { method: 'POST', path: '/v1/webhooks', access: 'account:work', tag: 'Webhooks', summary: 'Have events sent to an address; its secret is shown once', body: webhooks.endpointRequest, secret: true, status: 201, response: webhooks.endpoint },
  getEndpoint: { method: 'GET', path: '/v1/webhooks/:id', access: 'account:read', tag: 'Webhooks', summary: 'One endpoint', params: id('endpoint'), response: webhooks.endpoint },
  updateEndpoint: { method: 'PATCH', path: '/v1/webhooks/:id', access: 'account:work', tag: 'Webhooks', summary: 'Change address or events, switch off or on; on again, it gets what waited', params: id('endpoint'), body: webhooks.endpointPatch, response: webhooks.endpoint },
  removeEndpoint: { method: 'DELETE', path: '/v1/webhooks/:id', access: 'account:work', tag: 'Webhooks', summary: 'Remove an endpoint; what waits for it is not sent', params: id('endpoint'), status: 204 },
  rotateEndpointSecret: { method: 'POST', path: '/v1/webhooks/:id/secret', access: 'account:work', tag: 'Webhooks', summary: 'Make a new secret; the one before it signs as well for a day', params: id('endpoint'), secret: true, status: 201, response: webhooks.endpoint },
  testEndpoint: { method: 'POST', path: '/v1/webhooks/:id/test', access: 'account:work', tag: 'Webhooks', summary: 'Send a test event', params: id('endpoint'), status: 201, response: webhooks.deliveryDetail },
  replayEvents: { method: 'POST', path: '/v1/webhooks/:id/replay', access: 'account:work', tag: 'Webhooks', summary: 'Send every event of a span once more', params: id('endpoint'), body: webhooks.replayRequest, status: 201, response: webhooks.replayed },
  listDeliveries: { method: 'GET', path: '/v1/webhooks/:id/deliveries', access: 'account:read', tag: 'Webhooks', summary: 'What was sent to an endpoint, newest first', params: id('endpoint'), query: list, response: webhooks.deliveryList },
  getDelivery: { method: 'GET', path: '/v1/webhook-deliveries/:id', access: 'account:read', tag: 'Webhooks', summary: 'One delivery with each request and what was answered', params: id('delivery'), response: webhooks.deliveryDetail },
  replayDelivery: { method: 'POST', path: '/v1/webhook-deliveries/:id/replay', access: 'account:work', tag: 'Webhooks', summary: 'Send the event of a delivery once more', params: id('delivery'), status: 201, response: webhooks.deliveryDetail },

  // Operator
  listMailTemplates: { method: 'GET', path: '/v1/operator/mail-templates', access: 'operator', tag: 'Operator', summary: 'Every mail that is sent, and when', response: mails.mailTemplates },
  getMailTemplate: { method: 'GET', path: '/v1/operator/mail-templates/:name', access: 'operator', tag: 'Operator', summary: 'A mail as it looks, filled with a sample', params: z.object({ name: z.string().max(100) }), response: mails.renderedMail },
  listMails: { method: 'GET', path: '/v1/operator/mails', access: 'operator', tag: 'Operator', summary: 'Mails and what became of them, newest first', query: list, response: mails.mailList },
  getMail: { method: 'GET', path: '/v1/operator/mails/:id', access: 'operator', tag: 'Operator', summary: 'One mail as it is sent, without the links that are secrets', params: id('mail'), response: mails.mailDetail },
  retryMail: { method: 'POST', path: '/v1/operator/mails/:id/retry', access: 'operator', tag: 'Operator', summary: 'Send a mail that failed or was kept after all', params: id('mail'), response: mails.mailDetail },
  listAccounts: { method: 'GET', path: '/v1/operator/accounts', access: 'operator', tag: 'Operator', summary: 'All accounts with balance, overage and debt', query: operators.accountQuery, response: operators.operatorAccountList },
  createOperatorAccount: { method: 'POST', path: '/v1/operator/accounts', access: 'operator', tag: 'Operator', summary: 'Create an account with an API key, and start its plan', body: operators.operatorAccountRequest, secret: true, status: 201, response: operators.operatorAccountCreated },
  getOperatorAccount: { method: 'GET', path: '/v1/operator/accounts/:id', access: 'operator', tag: 'Operator', summary: 'One account: plan, balance, tax, invoices, credit notes, and how its books are verified', params: id('account'), response: operators.accountView },
  listOperatorUsage: { method: 'GET', path: '/v1/operator/accounts/:id/usage', access: 'operator', tag: 'Operator', summary: 'Usage records of an account, newest first', params: id('account'), query: list, response: usageShapes.usageList },
  createOperatorKey: { method: 'POST', path: '/v1/operator/accounts/:id/keys', access: 'operator', tag: 'Operator', summary: 'Make an API key for an account', params: id('account'), body: accountShapes.apiKeyRequest, secret: true, status: 201, response: accountShapes.apiKey },
  publishPlan: { method: 'POST', path: '/v1/operator/plans', access: 'operator', tag: 'Operator', summary: 'Publish a new plan', body: operators.planRequest, status: 201, response: billingShapes.plan },
  publishPlanVersion: { method: 'POST', path: '/v1/operator/plans/:code/versions', access: 'operator', tag: 'Operator', summary: 'Publish a new version of a plan; its subscribers get it at a boundary after a notice, or stay on theirs', params: z.object({ code: z.string() }), body: operators.planVersionRequest, status: 201, response: billingShapes.plan },
  listOperatorPlans: { method: 'GET', path: '/v1/operator/plans', access: 'operator', tag: 'Operator', summary: 'All plans with all their versions, on offer or withdrawn', response: rehearsals.catalogue },
  updateOperatorPlan: { method: 'PATCH', path: '/v1/operator/plans/:code', access: 'operator', tag: 'Operator', summary: 'Withdraw a plan from offer, or put it on offer; who has it keeps it', params: z.object({ code: z.string() }), body: rehearsals.planPatch, response: rehearsals.cataloguePlan },
  listRehearsals: { method: 'GET', path: '/v1/operator/rehearsals', access: 'operator', tag: 'Operator', summary: 'The last rehearsals, newest first', response: rehearsals.rehearsalList },
  createRehearsal: { method: 'POST', path: '/v1/operator/rehearsals', access: 'operator', tag: 'Operator', summary: 'Rehearse a draft of a plan in the background: what every account would have paid over its last terms', body: rehearsals.rehearsalRequest, status: 202, response: rehearsals.rehearsal },
  getRehearsal: { method: 'GET', path: '/v1/operator/rehearsals/:id', access: 'operator', tag: 'Operator', summary: 'One rehearsal: how far it is, and what it has found', params: id('rehearsal'), response: rehearsals.rehearsal },
  listRehearsedAccounts: { method: 'GET', path: '/v1/operator/rehearsals/:id/accounts', access: 'operator', tag: 'Operator', summary: 'Accounts of a rehearsal, by how much more or less they would have paid', params: id('rehearsal'), query: rehearsals.rehearsedAccountQuery, response: rehearsals.rehearsedAccountList },
  listOperatorGrants: { method: 'GET', path: '/v1/operator/grants', access: 'operator', tag: 'Operator', summary: 'All grants of an account, ended or not, newest first', query: operators.operatorGrantQuery, response: operators.operatorGrantList },
  grantCredits: { method: 'POST', path: '/v1/operator/grants', access: 'operator', tag: 'Operator', summary: 'Grant credits to an account: a promotion, a purchase or an adjustment', body: operators.operatorGrantRequest, idempotent: true, status: 201, response: operators.operatorGrant },
  voidGrant: { method: 'POST', path: '/v1/operator/grants/:id/void', access: 'operator', tag: 'Operator', summary: 'Take back what is left of a grant', params: id('grant'), body: operators.voidGrantRequest, response: operators.operatorGrant },
  createCreditNote: { method: 'POST', path: '/v1/operator/credit-notes', access: 'operator', tag: 'Operator', summary: 'Take usage back: overage falls away or becomes customer credit, credits return', body: invoiceShapes.creditNoteRequest, bodyLimitBytes: MANY_IDS, status: 201, response: invoiceShapes.creditNote },
  getSeller: { method: 'GET', path: '/v1/operator/seller', access: 'operator', tag: 'Operator', summary: 'Who sells, as invoices say it', response: papers.seller },
  putSeller: { method: 'PUT', path: '/v1/operator/seller', access: 'operator', tag: 'Operator', summary: 'Set who sells: name, address, tax id, bank, logo, from the next invoice on', body: papers.seller, response: papers.seller },
  getAccountTax: { method: 'GET', path: '/v1/operator/accounts/:id/tax', access: 'operator', tag: 'Operator', summary: 'How an account is taxed', params: id('account'), response: billingShapes.accountTax },
  putAccountTax: { method: 'PUT', path: '/v1/operator/accounts/:id/tax', access: 'operator', tag: 'Operator', summary: 'Set how an account is taxed, from its next invoice on', params: id('account'), body: billingShapes.accountTax, response: billingShapes.accountTax },
  getInterimInvoicing: { method: 'GET', path: '/v1/operator/accounts/:id/interim-invoicing', access: 'operator', tag: 'Operator', summary: 'At how much overage on no invoice an interim one is made', params: id('account'), response: operators.interim },
  putInterimInvoicing: { method: 'PUT', path: '/v1/operator/accounts/:id/interim-invoicing', access: 'operator', tag: 'Operator', summary: 'Set at how much overage on no invoice an interim one is made; runs go on', params: id('account'), body: operators.interimRequest, response: operators.interim },
  exportJournal: { method: 'GET', path: '/v1/operator/journal', access: 'operator', tag: 'Operator', summary: 'The journal for hledger, beancount or a spreadsheet, streamed', query: journal.journalQuery, produces: 'text/plain' },
  getExposure: { method: 'GET', path: '/v1/operator/exposure', access: 'operator', tag: 'Operator', summary: 'What accounts owe and have accrued, by currency and account', response: operators.exposure },
  getRevenue: { method: 'GET', path: '/v1/operator/revenue', access: 'operator', tag: 'Operator', summary: 'Recognised, deferred, breakage, unbilled and receivable, month by month', query: journal.revenueQuery, response: journal.revenue },
  getVerification: { method: 'GET', path: '/v1/operator/verify', access: 'operator', tag: 'Operator', summary: 'How far the books are verified, and which accounts are at fault', response: proofs.verification },
  verifyBooks: { method: 'POST', path: '/v1/operator/verify', access: 'operator', tag: 'Operator', summary: 'Verify one account from its first transaction on, or all in the background; accept what was found, with a reason', body: proofs.verificationRequest, response: proofs.verification },
  listUnpaid: { method: 'GET', path: '/v1/operator/unpaid', access: 'operator', tag: 'Operator', summary: 'Invoices that nobody has paid, oldest first, with the exposure of their account', query: payments.unpaidQuery, response: payments.unpaidList },
  collectInvoice: { method: 'POST', path: '/v1/operator/invoices/:id/collect', access: 'operator', tag: 'Operator', summary: 'Try to collect an unpaid invoice now', params: id('invoice'), body: payments.collectRequest, response: payments.unpaidInvoice },
  settleInvoice: { method: 'POST', path: '/v1/operator/invoices/:id/payments', access: 'operator', tag: 'Operator', summary: 'An invoice was paid past the provider, with its reference', params: id('invoice'), body: payments.settleRequest, response: payments.unpaidInvoice },
  writeOffInvoice: { method: 'POST', path: '/v1/operator/invoices/:id/write-off', access: 'operator', tag: 'Operator', summary: 'Give an unpaid invoice up: it is bad debt, and can still be paid', params: id('invoice'), body: payments.writeOffRequest, response: payments.unpaidInvoice },
  listOperatorPayments: { method: 'GET', path: '/v1/operator/payments', access: 'operator', tag: 'Operator', summary: 'Payments of an account, with how much of each can go back', query: payments.ofAccountQuery, response: payments.operatorPaymentList },
  listRefunds: { method: 'GET', path: '/v1/operator/refunds', access: 'operator', tag: 'Operator', summary: 'Refunds of an account, newest first', query: payments.ofAccountQuery, response: payments.refundList },
  createRefund: { method: 'POST', path: '/v1/operator/refunds', access: 'operator', tag: 'Operator', summary: 'Refund to the card: customer credit, a part of an invoice, or what is left of a purchased grant', body: payments.refundRequest, idempotent: true, status: 201, response: payments.refund },
  listDisputes: { method: 'GET', path: '/v1/operator/disputes', access: 'operator', tag: 'Operator', summary: 'Disputed payments of all accounts, newest first', query: list, response: payments.disputeList },
  decideDispute: { method: 'POST', path: '/v1/operator/disputes/:id/decide', access: 'operator', tag: 'Operator', summary: 'In the sandbox: decide a dispute as its bank would', params: id('dispute'), body: payments.decideRequest, response: payments.dispute },
  advanceClock: { method: 'POST', path: '/v1/operator/clock', access: 'operator', tag: 'Operator', summary: 'Move the sandbox clock of one account or of all', body: operators.clockRequest, response: operators.clockAnswer },

  // The payment provider
  getBankQuestion: { method: 'GET', path: '/v1/sandbox/charges/:reference', access: 'public', tag: 'Payment provider', summary: 'In the sandbox: what the play bank asks about', params: payments.bankParams, response: payments.bankQuestion },
  answerBank: { method: 'POST', path: '/v1/sandbox/charges/:reference', access: 'public', tag: 'Payment provider', summary: 'In the sandbox: what the payer tells the play bank', params: payments.bankParams, body: payments.bankAnswer, response: payments.bankQuestion },
  receiveStripeEvent: { method: 'POST', path: '/v1/stripe/events', access: 'public', tag: 'Payment provider', summary: 'Stripe says what has happened, in an event that it has signed', unread: true, response: payments.eventReceived },

  // Health
  getHealth: { method: 'GET', path: '/healthz', access: 'public', tag: 'Health', summary: 'The process answers', response: healthShapes.health },
  getReadiness: { method: 'GET', path: '/readyz', access: 'public', tag: 'Health', summary: 'What is ready: database, models', response: healthShapes.readiness },
} as const satisfies Record<string, Route>

export type RouteName = keyof typeof routes
