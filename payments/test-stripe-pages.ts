/**
 * The pages of the local Stripe that a person sees: the card form, and the bank that asks. For browsers; programs use the vault.
 *
 * They lead back as Stripe's do: the form with its session in the address, the bank with `payment_intent` and `redirect_status`.
 */
import { LOCAL_CARDS } from './test-stripe-cards.ts'
import type { Vault } from './test-stripe-objects.ts'

export type Page = { html: string } | { sentTo: string }

/** The page at a path, or what sending its form does; null where there is none. */
export function pageAt(vault: Vault, method: string, path: string, form: URLSearchParams): Page | null {
  const [, kind, first, second] = path.split('/')
  if (kind === 'c' && first === 'pay') return cardForm(vault, method, second ?? '', form)
  if (kind === 'confirm') return bank(vault, method, first ?? '', form)
  return null
}

function cardForm(vault: Vault, method: string, session: string, form: URLSearchParams): Page {
  let refused = ''
  if (method === 'POST') {
    const filled = vault.fillIn(session, form.get('number') ?? '', form.get('bank') !== 'refuses')
    if ('sentTo' in filled) return { sentTo: filled.sentTo }
    refused = filled.refused
  }
  const cards = Object.keys(LOCAL_CARDS).map((number) => `<option>${number}</option>`)
  return html(
    'Card form of the local Stripe',
    `<p role="alert">${refused}</p>
    <label>Card number <select name="number">${cards.join('')}</select></label>
    <label>The bank <select name="bank"><option>confirms</option><option>refuses</option></select></label>
    <button>Save card</button>`,
  )
}

function bank(vault: Vault, method: string, id: string, form: URLSearchParams): Page {
  const intent = vault.intent(id)
  if (method === 'POST') {
    const back = new URL(intent.next_action?.redirect_to_url?.return_url ?? 'http://localhost/')
    vault.answerBank(id, form.get('answer') === 'confirm')
    back.searchParams.set('payment_intent', id)
    back.searchParams.set('redirect_status', intent.status === 'succeeded' ? 'succeeded' : 'failed')
    return { sentTo: back.href }
  }
  return html(
    'The bank of the local Stripe',
    `<p>${intent.description ?? 'A payment'}: ${intent.amount} ${intent.currency}</p>
    <button name="answer" value="confirm">Confirm</button> <button name="answer" value="refuse">Refuse</button>`,
  )
}

function html(title: string, body: string): Page {
  return {
    html: `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title>
    <body><main><h1>${title}</h1><form method="post">${body}</form></main></body></html>`,
  }
}
