/**
 * Which commands there are about money that goes back, money that is owed, and webhooks. Called by drawdown.ts, whose page they would
 * burst.
 */
import type { Command } from 'commander'
import type { Globals } from './globals.ts'
import type { CreateRefund } from './refund-commands.ts'
import { run } from './run-work.ts'
import type { ListUnpaid, PayInvoice, WriteOff } from './unpaid-commands.ts'
import type { CreateWebhook, ReplaySpan } from './webhook-commands.ts'

export function addTillCommands(program: Command): void {
  addRefunds(program)
  addUnpaid(program)
  addWebhooks(program)
}

function addRefunds(program: Command): void {
  const commands = () => import('./refund-commands.ts')
  const refund = program.command('refund').description('money that goes back to cards (operator)')
  refund
    .command('create')
    .description('refund to the card: a part of an invoice, customer credit, or what is left of a sold grant')
    .option('--payment <id>', 'the payment that goes back, as "refund payments" tells it')
    .option('--grant <id>', 'a sold grant, whose rest goes back')
    .option('--credit', 'pay out customer credit that is there, and give nothing of the invoice back')
    .option('--amount <amount>', 'all that can be, unless said')
    .requiredOption('--reason <text>', 'why; it stands on the credit note')
    .option('--key <key>', 'the same key refunds once')
    .action(run(async (options: CreateRefund) => (await commands()).createRefund(options)))
  refund
    .command('list')
    .description('refunds of an account, newest first')
    .action(run(async (options) => (await commands()).listRefunds(options)))
  refund
    .command('payments')
    .description('payments of an account, with how much of each can go back')
    .action(run(async (options) => (await commands()).listPayments(options)))
}

function addUnpaid(program: Command): void {
  const commands = () => import('./unpaid-commands.ts')
  const unpaid = program.command('unpaid').description('invoices that nobody has paid (operator)')
  unpaid
    .command('list')
    .description('all of them, oldest first, with what is tried next')
    .option('--written-off', 'those that were given up, instead')
    .action(run(async (options: ListUnpaid) => (await commands()).listUnpaid(options)))
  unpaid
    .command('try')
    .description('try to collect one now')
    .argument('<number or id>', 'as "unpaid list" tells it')
    .action(run(async (options, which) => (await commands()).tryNow(which as string, options)))
  unpaid
    .command('paid')
    .description('one was paid past the provider: by transfer, by cheque')
    .argument('<number or id>', 'as "unpaid list" tells it')
    .requiredOption('--reference <text>', 'what the payment can be found by')
    .option('--received <instant>', 'date or RFC 3339 instant; now unless said')
    .action(
      run(async (options: PayInvoice, which) => (await commands()).paidOtherwise(which as string, options)),
    )
  unpaid
    .command('write-off')
    .description('give one up: it is bad debt, and can still be paid')
    .argument('<number or id>', 'as "unpaid list" tells it')
    .requiredOption('--reason <text>', 'why')
    .action(run(async (options: WriteOff, which) => (await commands()).writeOff(which as string, options)))
}

function addWebhooks(program: Command): void {
  const commands = () => import('./webhook-commands.ts')
  const webhook = program.command('webhook').description('where events of the account are sent')
  webhook
    .command('list')
    .description('all endpoints, newest first')
    .action(run(async (options) => (await commands()).listWebhooks(options)))
  webhook
    .command('create')
    .description('have events sent to an address; its secret is shown once')
    .argument('<url>')
    .option('--event <event...>', 'which events; every event unless said')
    .option('--description <text>', 'what it is for')
    .action(
      run(async (options: CreateWebhook, url) => (await commands()).createWebhook(url as string, options)),
    )
  const ofEndpoint = (name: string, description: string, work: OfEndpoint) =>
    webhook
      .command(name)
      .description(description)
      .argument('<endpoint id>', 'as "webhook list" tells it')
      .action(run(async (options, id) => (await commands())[work](id as string, options as Globals)))
  ofEndpoint('remove', 'remove one; what waits for it is not sent', 'removeWebhook')
  ofEndpoint('test', 'send a test event', 'testWebhook')
  ofEndpoint('deliveries', 'what was sent to one, newest first', 'listDeliveries')
  webhook
    .command('delivery')
    .description('one delivery with each request and its answer')
    .argument('<delivery id>', 'as "webhook deliveries" tells it')
    .action(run(async (options, id) => (await commands()).showDelivery(id as string, options)))
  webhook
    .command('replay')
    .description('send once more: one delivery, or with --from and --to every event of a span')
    .argument('<delivery id or endpoint id>')
    .option('--from <instant>', 'RFC 3339 instant')
    .option('--to <instant>', 'RFC 3339 instant; what happened at it is left out')
    .action(run(async (options: ReplaySpan, id) => (await commands()).replay(id as string, options)))
}

type OfEndpoint = 'removeWebhook' | 'testWebhook' | 'listDeliveries'
