/**
 * Every refusal that the API can answer with, in one table, as RFC 9457 problem details.
 *
 * A handler returns `refuse('quote_expired', 'what exactly')`; http/app.ts turns it into the answer. http/problem-page.ts shows
 * each row to people at /problems/<refusal>, and the OpenAPI document lists the names.
 *
 * 1. A refusal without a row here doesn't compile: `refuse` takes the table's own names.
 * 2. The title is the same for every occurrence; the detail says what happened this time; neither tells of internals.
 *
 * Whoever adds a refusal to a verb adds its row here: status, title, and what the caller can do about it.
 */

type Row = readonly [status: number, title: string, remedy: string]

// biome-ignore format: one row a refusal reads as a table.
export const problems = {
  // The request itself
  malformed_request: [400, 'The request could not be read', 'Send valid HTTP, and a body that is what its Content-Type says it is.'],
  account_required: [400, 'Name an account', 'You belong to several accounts, or to none yet: name one in the header Drawdown-Account, for example "Drawdown-Account: account_0193…".'],
  invalid_input: [422, 'Something in the request is not valid', 'Correct the fields listed under "errors" and send the request again.'],
  not_found: [404, 'There is nothing here', 'Check the address. What belongs to another account looks the same as what does not exist.'],
  method_not_allowed: [405, 'This address does not take that method', 'The header Allow lists the methods that it takes.'],
  body_too_large: [413, 'The body is too large', 'JSON bodies may have up to 1 MB. Split a large batch into several requests.'],
  line_too_long: [413, 'The line is too long', 'A line is one usage record, of at most 16,384 characters.'],
  unsupported_media_type: [415, 'This kind of body is not accepted', 'Send JSON with "Content-Type: application/json", or what the API document says for this address.'],
  too_many_requests: [429, 'Too many requests', 'Wait for the number of seconds in the header Retry-After, then go on more slowly.'],

  // Who is asking
  not_signed_in: [401, 'Sign in, or send an API key', 'Send "Authorization: Bearer dd_…" with a key of the account, or sign in.'],
  invalid_key: [401, 'This key opens nothing', 'The key is unknown or was revoked. Make a new one on the page "API keys".'],
  cross_site: [403, 'This request came from another site', 'Requests of a signed-in browser are taken from the pages of this service only. If people reach it under another address than the one it knows, set PUBLIC_URL. Programs use an API key.'],
  role_forbids: [403, 'Your role does not allow this', 'Ask an owner or admin of the account to do it, or to change your role.'],
  scope_missing: [403, 'The key does not have the scope for this', 'Make a key with the scope that the detail names.'],
  key_not_accepted: [403, 'This is not for API keys', 'Only a signed-in person may do this.'],
  key_required: [403, 'This is for API keys only', 'Use an API key with the scope that the detail names.'],
  operator_only: [403, 'This is for the operator only', 'Operator routes need the session or the token of somebody who runs this installation.'],
  operator_routes_only: [403, 'An operator token does not act for an account', 'Use an API key of the account, or the routes under /v1/operator.'],

  // Signing in and up
  sign_in_failed: [401, 'Signing in failed', 'The e-mail address or the password is wrong. Check both and try again.'],
  sign_in_link_dead: [404, 'This sign-in link is no longer good', 'It was used, it is older than 24 hours, or an operator exists already. Start the server again for a fresh one, or sign in.'],
  email_taken: [409, 'There is a user with this e-mail address already', 'Sign in with it, or take another address.'],

  // Accounts
  account_not_found: [404, 'There is no such account', 'Check the id of the account. One that you do not belong to looks the same as one that does not exist.'],
  member_not_found: [404, 'There is no such member', 'Check the id of the user.'],
  api_key_not_found: [404, 'There is no such API key', 'Check the id of the key.'],
  last_owner: [409, 'An account always has an owner', 'Make another member an owner first.'],
  owner_only: [403, 'Only an owner can do this', 'Ask an owner of the account.'],
  member_already: [409, 'This person is a member already', 'Change the role of the member instead.'],
  invitation_dead: [404, 'This invitation is no longer good', 'It was accepted, has expired, or was never there. Ask for a new one.'],
  invitation_for_another: [403, 'This invitation is for somebody else', 'Sign in with the e-mail address that was invited.'],
  e_invoice_not_possible: [409, 'There is no electronic invoice of this', 'The detail says what EN 16931 asks for and is not known. The PDF is there all the same.'],
  logo_unreadable: [422, 'The logo cannot be printed', 'Choose a PNG, a JPEG or an SVG that other programs open.'],
  zone_unknown: [422, 'There is no such time zone', 'Take a name of the IANA time zone database, such as "Europe/Berlin".'],

  // Plans, usage and money
  no_subscription: [409, 'This account has no plan', 'Start a plan on the billing page, or with POST /v1/subscription.'],
  operation_not_offered: [422, 'The plan does not offer this operation', 'The price list of the plan names what it offers: GET /v1/plans.'],
  quantity_invalid: [422, 'The quantity is not a positive whole number', 'Send a whole number, 1 or more.'],
  amount_overflow: [422, 'The amount is larger than any that can be held', 'Send a smaller quantity; what one period may add up to has an end too.'],
  idempotency_conflict: [409, 'This key was used for something else', 'A key names one use for ever. Take a new key, or send the first body again.'],
  request_under_way: [409, 'The first request with this key is still under way', 'Wait a moment and send it again: it is then answered as the first was.'],
  request_unresolved: [409, 'Whether the first request with this key was done is not known', 'The server stopped in the middle of it. Look whether it was done; if not, send it under a new key.'],
  answer_not_kept: [409, 'This was done before, and its secret is shown only once', 'If the secret is lost, revoke what was made and make another under a new key.'],
  occurred_in_future: [422, 'This has not happened yet', 'occurred_at may be at most 5 minutes ahead of the account’s time.'],
  occurred_before_subscription: [422, 'The account had no plan then', 'occurred_at must lie after the start of the first plan.'],
  plan_not_found: [404, 'There is no such plan on offer', 'GET /v1/plans lists the codes of the plans on offer.'],
  plan_not_offered: [409, 'This plan cannot be chosen here', 'Choose another plan; the detail says why.'],
  same_plan: [409, 'This is the plan already', 'There is nothing to change. A pending change is taken back with POST /v1/subscription/resume.'],
  unit_mismatch: [409, 'This counts in another currency or unit', 'Take the currency and the credit unit of the account; they never change.'],
  payment_method_missing: [409, 'There is no payment method', 'Add one on the billing page, or with PUT /v1/payment-method.'],
  payment_token_unknown: [422, 'The payment provider does not know this token', 'Send a token that the payment provider has given for this payment method.'],
  card_form_missing: [409, 'This payment provider has no card form', 'Send the token of a card with PUT /v1/payment-method.'],
  payment_provider_away: [503, 'The payment provider does not answer', 'Nothing has changed. Try again in a minute.'],
  payment_not_found: [404, 'There is no such payment', 'GET /v1/payments lists the payments of the account.'],
  payment_not_refundable: [409, 'This payment cannot be refunded', 'Only what a card of the present payment provider has paid goes back to it.'],
  payment_under_way: [409, 'A payment of this invoice is under way', 'Wait until its outcome is known: usually a minute, at most a day.'],
  payment_in_future: [422, 'This has not happened yet', 'received_at is not after the present time of the account.'],
  nothing_to_refund: [409, 'There is nothing to refund', 'It has gone back already, or nothing is left of it.'],
  refund_too_large: [409, 'This is more than can be refunded', 'The detail says how much can be.'],
  grant_not_paid: [409, 'Nobody has paid for this grant', 'Take it back instead: POST /v1/operator/grants/:id/void.'],
  dispute_not_found: [404, 'There is no such dispute', 'GET /v1/operator/disputes lists them.'],
  event_not_signed: [400, 'This event is not signed by the payment provider', 'Only the payment provider posts here. Its secret stands in STRIPE_WEBHOOK_SECRET.'],
  events_not_set_up: [404, 'No events are taken here', 'Set PAYMENTS=stripe and STRIPE_WEBHOOK_SECRET; docs/operating.md says how.'],
  payment_declined: [402, 'The payment was declined', 'Nothing has changed. Try another payment method.'],
  plan_change_awaiting_payment: [409, 'A change of plan still waits for its payment', 'Wait until it is settled; it lapses after 24 hours.'],
  cancellation_pending: [409, 'The plan is being cancelled', 'Take the cancellation back with POST /v1/subscription/resume, then change the plan.'],
  preview_not_found: [404, 'There is no such preview', 'Ask for a preview of this change first.'],
  preview_expired: [409, 'The preview has expired', 'Look at a new preview and confirm that one.'],
  preview_stale: [409, 'The preview no longer holds', 'Something has changed since. Look at a new preview and confirm that one.'],
  nothing_pending: [409, 'Nothing is pending', 'There is no change and no cancellation to take back.'],
  usage_not_found: [404, 'There is no such usage', 'GET /v1/usage lists the usage of the account.'],
  usage_credited_already: [409, 'This usage is credited already', 'A record is credited once. GET /v1/credit-notes lists what was credited.'],
  nothing_to_credit: [409, 'There is nothing to credit', 'It was free, or all of it is credited already.'],
  credit_note_too_large: [422, 'This is too much for one credit note', 'Credit it in parts, by items or records.'],
  invoice_not_final: [409, 'The invoice is not final yet', 'Try again when it is.'],
  invoice_written_off: [409, 'The invoice was written off', 'Nothing that nobody paid is given back.'],
  credit_note_not_found: [404, 'There is no such credit note', 'GET /v1/credit-notes lists the credit notes of the account.'],
  tax_rate_invalid: [422, 'This is no tax rate', 'A rate is a share of one, from 0 to 1: 19 % is "0.19".'],
  tax_name_repeated: [422, 'Two taxes have the same name', 'Give each tax a name of its own.'],
  too_many_taxes: [422, 'These are too many taxes', 'An account has at most five.'],
  invoice_not_found: [404, 'There is no such invoice', 'GET /v1/invoices lists the invoices of the account.'],
  invoice_not_payable: [409, 'The invoice asks for nothing', 'Only open and past due invoices can be paid.'],
  clock_never_goes_back: [409, 'The clock never goes back', 'Name an instant after the account’s present time.'],

  grant_not_found: [404, 'There is no such grant', 'GET /v1/operator/grants lists the grants of an account.'],
  grant_not_positive: [422, 'A grant is of more than nothing', 'Send credits above 0.'],
  grant_too_large: [422, 'The grant is larger than any that is given', 'Look for a slipped decimal point: no more than a billion is granted at once.'],
  grant_ends_before_start: [422, 'The grant ends before it starts', 'expires_at lies after starts_at.'],
  grant_ends_in_past: [422, 'The grant would have ended already', 'expires_at lies after the account’s present time.'],
  priority_invalid: [422, 'The priority is none', 'Send a whole number from 0, drawn first, to 100.'],
  consideration_missing: [422, 'A purchase has a price', 'Send "price", or grant a promotion.'],
  consideration_not_bought: [422, 'What is given away has no price', 'Leave "price" out, or grant a purchase.'],
  consideration_invalid: [422, 'The price is none', 'Look for a slipped decimal point: a price lies between 0 and a billion.'],
  amount_not_minor: [422, 'The amount has more decimals than its currency', 'Send whole minor units: cents for USD, whole yen for JPY.'],
  account_without_units: [422, 'The account has no currency yet', 'Send "units" with the currency and the credit unit of a plan on offer, or let the account choose a plan first.'],
  interim_amount_without_currency: [422, 'The account has no currency yet', 'Let the account choose a plan first; the amount is in its currency.'],
  interim_amount_too_small: [422, 'So little cannot be collected', 'Send the smallest charge of the payment provider or more; the detail says what that is. null is no amount.'],
  grant_ended: [409, 'The grant has ended', 'Nothing is left of it that could be taken back.'],
  grant_not_voidable: [409, 'Credits of a plan are not taken back', 'They come and go with the plan: change or cancel it.'],

  // What a plan version says
  plan_exists: [409, 'There is a plan with this code', 'Publish a new version of it: POST /v1/operator/plans/:code/versions.'],
  code_invalid: [422, 'The code is none', 'Lower-case letters, digits and underscores, a letter first, such as "starter".'],
  name_invalid: [422, 'The name is empty or too long', 'Send 1 to 100 characters.'],
  currency_unknown: [422, 'Nothing can be sold in this currency', 'Send an ISO 4217 code, such as "USD".'],
  credit_unit_invalid: [422, 'The credit unit is none', 'Send the currency itself, or a word such as "credits".'],
  credit_price_missing: [422, 'What is a credit in overage?', 'Where credits are not money, "credit_price" says what one costs in overage.'],
  credit_price_not_one: [422, 'A credit that is money costs itself', 'Leave "credit_price" out where the credit unit is the currency.'],
  amount_invalid: [422, 'This is no amount', 'Send a decimal string with at most 6 decimals, such as "49.8".'],
  amount_negative: [422, 'The amount is below nothing', 'Send 0 or more.'],
  amount_absurd: [422, 'The amount is larger than any price', 'Look for a slipped decimal point.'],
  discount_exceeds_list_price: [422, 'The discount is larger than the list price', 'A fee is never below 0.'],
  operation_invalid: [422, 'The operation has no valid code', 'Lower-case letters, digits and underscores, a letter first, such as "smart_crop".'],
  operation_repeated: [422, 'An operation is priced twice', 'Name each operation once.'],
  free_operation_has_overage_price: [422, 'A free operation costs nothing in overage', 'Leave its overage unit price out, or give it a unit price.'],
  price_not_exact: [422, 'The overage price would need a seventh decimal', 'Send "overage_unit_price" for the operation that the detail names.'],
  rollover_invalid: [422, 'The rollover is none', 'Send 1 to 120 periods, and a cap above 0 or none.'],
  trial_invalid: [422, 'The trial is none', 'Send 1 to 366 days and the code of another plan. A plan neither becomes a trial nor ceases to be one.'],
  trial_not_free: [422, 'A trial costs nothing', 'Its fee after the discount is 0.'],
  trial_successor_unknown: [422, 'No plan is there to follow the trial', 'Name a plan that is published and no trial itself.'],
  rehearsal_not_found: [404, 'There is no such rehearsal', 'GET /v1/operator/rehearsals lists the last ones; older ones are forgotten.'],
  notice_invalid: [422, 'The notice is none', 'Send 0 to 366 whole days, or null to leave subscribers on their version.'],

  // Photos, automations and runs
  automation_not_found: [404, 'There is no such automation', 'GET /v1/automations lists the automations of the account.'],
  hot_folder_not_found: [404, 'There is no such hot folder', 'GET /v1/hot-folders lists the hot folders of the account.'],
  hot_folder_name_taken: [409, 'This name was used before', 'Choose another name: the folder of that one may still hold files.'],
  too_many_hot_folders: [409, 'The account has as many hot folders as it may have', 'Remove one that is not needed.'],
  hot_folders_not_set_up: [409, 'There is no place for hot folders here', 'The operator sets it: HOT_FOLDERS in docs/operating.md.'],
  unknown_operation: [422, 'There is no such operation', 'GET /v1/operations lists the operations and their settings.'],
  settings_invalid: [422, 'The settings of a step are not valid', 'GET /v1/operations gives the schema of each operation’s settings.'],
  steps_outdated: [409, 'The automation no longer works as it is', 'Open the automation, correct the step that the detail names, and save it.'],
  models_awaited: [409, 'The image models are not here yet', 'They are fetched once, at the first start. Try again in a minute.'],
  previews_under_way: [429, 'Enough previews are under way', 'Wait until one of them is made.'],
  preview_failed: [422, 'The photo cannot be worked on in this way', 'A run would fail for the same reason: the detail says which.'],
  image_not_found: [404, 'There is no such image', 'Upload it first: POST /v1/images. What belongs to another account looks the same as what does not exist.'],
  image_in_use: [409, 'The photo is still needed', 'The detail says by what.'],
  password_link_dead: [410, 'This link sets no password any more', 'It is good once, for an hour. Ask for a new one.'],
  mail_not_over: [409, 'There is no mail here to send again', 'Only one that failed or was kept is sent after all.'],
  endpoint_not_found: [404, 'There is no such endpoint', 'GET /v1/webhooks lists the endpoints of the account.'],
  too_many_endpoints: [409, 'The account has as many endpoints as it may have', 'Remove one that is not needed.'],
  event_unknown: [422, 'There is no such event', 'GET /v1/webhooks/events lists them.'],
  endpoint_is_callback: [409, 'This endpoint is the callback of runs', 'Switch it off, make it a new secret, or remove it; its address is what runs name.'],
  delivery_not_found: [404, 'There is no such delivery', 'GET /v1/webhooks/:id/deliveries lists those of an endpoint. They are kept for 30 days.'],
  span_too_long: [422, 'The span holds too many events', 'Name a shorter one, and another after it.'],
  url_invalid: [422, 'This address cannot be used', 'Send an address that begins with http:// or https:// and holds no password.'],
  address_not_public: [422, 'The address is not on the public internet', 'Send an address that anybody can reach, or upload the file. The operator can list further addresses (OUTGOING_ALLOW).'],
  host_unknown: [422, 'The host of the address is not known', 'Look for a slip in its name.'],
  host_unreachable: [422, 'The host of the address could not be reached', 'Try again later, or upload the file.'],
  host_too_slow: [422, 'The host of the address took too long', 'Try again later, or upload the file.'],
  too_many_redirects: [422, 'The address leads on too often', 'Send the address that the last redirect leads to.'],
  no_file_there: [422, 'There is no file at the address', 'Open the address in a browser that is not signed in anywhere: it has to show the photo itself.'],
  archive_invalid: [422, 'The archive cannot be read', 'Send a ZIP archive. If it is one, pack it anew: it may be cut short.'],
  archive_empty: [422, 'There is no file in the archive', 'Pack photos into it: JPEG, PNG, WebP, AVIF, TIFF or GIF.'],
  archive_too_large: [422, 'The archive is larger than what is taken at once', 'Send it in several, each with at most 10,000 files and 2 GB.'],
  archive_bomb: [422, 'The archive would grow beyond all bounds', 'Pack it anew with an ordinary program, or send the photos by themselves.'],
  upload_empty: [422, 'No file was sent', 'Send one or more files as multipart/form-data, or { "url": … } as JSON.'],
  quote_not_found: [404, 'There is no such quote', 'Ask for a quote first: POST /v1/quotes.'],
  quote_expired: [409, 'The quote has expired', 'Ask for a new quote, look at it, and start the run with that one.'],
  quote_mismatch: [409, 'The quote is not for this run', 'Ask for a quote of exactly this automation and these images.'],
  run_not_found: [404, 'There is no such run', 'GET /v1/runs lists the runs of the account.'],
  item_not_found: [404, 'There is no such item', 'GET /v1/runs/:id/items lists the items of a run.'],
  item_under_way: [409, 'The item is still being worked on', 'Wait until it is done.'],
  item_not_cropped: [409, 'Nothing is cropped here', 'Only results of a run with a smart crop are cropped anew.'],
  item_held: [409, 'This item is held for a decision', 'Look at its preview and accept it first: POST /v1/items/:id/accept pays for it, POST /v1/items/:id/discard costs nothing.'],
  item_not_held: [409, 'This item is not held', 'Only a held item is accepted or discarded, and only once: its status says how it stands.'],
  no_result: [404, 'This item has no result', 'It is not done yet, it failed, or it was discarded: its status says so.'],

  // This service
  internal_error: [500, 'Something went wrong on our side', 'It has been logged under the request id. Look whether it was done before you try again; starting a run with an Idempotency-Key and recording usage are safe to repeat.'],
  outcome_unknown: [500, 'Whether this was done is not known', 'The database went away at the very end. Look whether it was done before you try again; starting a run with an Idempotency-Key and recording usage are safe to repeat.'],
  unavailable: [503, 'Not available at this moment', 'The database or the store of files is not answering, or the server is stopping. Try again in a few seconds.'],
} as const satisfies Record<string, Row>

export type RefusalName = keyof typeof problems

export type FieldError = {
  /** Path in the body, the query or the address: `steps[0].settings.width`. */
  field: string
  /** What was expected, and what was given. */
  message: string
}

/** What a handler returns in place of an answer. Verbs of other rooms return the same shape with their own narrower names. */
export type Refused = {
  ok: false
  refusal: RefusalName
  /** One or two sentences on this occurrence. */
  detail?: string | undefined
  /** Further members of the problem document, snake case, as they go on the wire. */
  extra?: Record<string, unknown> | undefined
}

/** A refusal as a value: `return refuse('quote_expired', 'The quote was good until 12:00 UTC.', { quote_id })`. */
export function refuse(refusal: RefusalName, detail?: string, extra?: Record<string, unknown>): Refused {
  return { ok: false, refusal, detail, extra }
}

/** Fields at fault, as the refusal invalid_input. */
export function refuseFields(errors: FieldError[]): Refused {
  const first = errors[0]
  const more = errors.length > 1 ? `, and ${errors.length - 1} more` : ''
  const detail = first === undefined ? undefined : `${first.field}: ${first.message}${more}`
  return refuse('invalid_input', detail, { errors })
}

export function isRefused(answer: unknown): answer is Refused {
  return typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === false
}

export type Problem = {
  type: string
  title: string
  status: number
  detail: string
  request_id: string
} & Record<string, unknown>

/** The problem document of a refusal. Amounts in `extra` must be texts already. */
export function problemOf({ refusal, detail, extra }: Refused, requestId: string): Problem {
  const [status, title, remedy] = problems[refusal]
  return {
    ...extra,
    type: `/problems/${refusal}`,
    title,
    status,
    detail: detail ?? remedy,
    request_id: requestId,
  }
}
