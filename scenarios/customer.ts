/**
 * What the scenarios do as an account's program: through the client, with an API key, as a customer would.
 */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import {
  type Automation,
  createClient,
  type DrawdownClient,
  type Invoice,
  type OperatorAccountRequest,
  type Receipt,
  type RunEvent,
} from '@drawdown/client'
import type { TestServer } from './start-server.ts'

export type Customer = { accountId: string; api: DrawdownClient }

export async function newCustomer(
  server: TestServer,
  request: Omit<OperatorAccountRequest, 'name'> & { name?: string } = {},
): Promise<Customer> {
  const body = { name: 'Corner shop', ...request }
  const { account_id: accountId, api_key: apiKey } = await server.operator.createOperatorAccount({ body })
  return { accountId, api: createClient({ url: server.url, apiKey }) }
}

/** Moves the clock of the account, through everything that falls due on the way; answers the numbers of the new invoices. */
export async function advanceTo(server: TestServer, accountId: string, to: string | Date): Promise<string[]> {
  const instant = new Date(to).toISOString()
  const { accounts } = await server.operator.advanceClock({ body: { account_id: accountId, to: instant } })
  return accounts[0]!.invoices
}

export async function automationNamed(api: DrawdownClient, name: string): Promise<Automation> {
  const { data } = await api.listAutomations()
  return data.find((automation) => automation.name === name)!
}

/** Image ids, in the order of the paths. */
export async function upload(api: DrawdownClient, paths: readonly string[]): Promise<string[]> {
  const ids: string[] = []
  for (const path of paths) {
    const file = new File([await readFile(path)], basename(path), { type: 'image/jpeg' })
    const { images, refused } = await api.uploadImages({ body: { files: [file] } })
    if (refused[0]) throw new Error(`${refused[0].name}: ${refused[0].detail}`)
    ids.push(images[0]!.id)
  }
  return ids
}

/** Runs and waits for the end, watching as the screens do. */
export async function runToEnd(
  api: DrawdownClient,
  request: { automationId: string; imageIds: string[]; quoteId?: string },
): Promise<{ events: RunEvent[]; receipt: Receipt }> {
  const run = await api.createRun({
    body: {
      automation_id: request.automationId,
      image_ids: request.imageIds,
      ...(request.quoteId === undefined ? {} : { quote_id: request.quoteId }),
    },
  })
  const events: RunEvent[] = []
  for await (const event of api.watchRun(run.id)) events.push(event)
  return { events, receipt: await api.getReceipt({ path: { id: run.id } }) }
}

/** Books usage of an operation that ran elsewhere, under a key of its own. */
export async function book(api: DrawdownClient, operation: string, quantity: number) {
  const key = `${operation}-${crypto.randomUUID()}`
  const record = await api.recordUsage({ body: { key, operation, quantity } })
  if (Array.isArray(record)) throw new Error('One record was sent, and a list came back')
  return record
}

/** Newest first, with lines. */
export async function invoicesOf(api: DrawdownClient): Promise<Invoice[]> {
  const { data } = await api.listInvoices({ query: { limit: 200 } })
  return Promise.all(data.map(({ id }) => api.getInvoice({ path: { id } })))
}

/** An invoice as one reads it: its lines as "kind operation quantity × unit price = amount". */
export function readLines(invoice: Invoice): string[] {
  return invoice.lines.map((line) => {
    const operation = line.operation === null ? '' : ` ${line.operation}`
    const price =
      line.quantity === null || line.unit_price === null ? '' : ` ${line.quantity} × ${line.unit_price}`
    return `${line.kind}${operation}${price} = ${line.amount}`
  })
}
