/**
 * Which commands there are about papers and exports, and what they take. Called by drawdown.ts, whose page they would burst.
 */
import { type Command, Option } from 'commander'
import type { Globals } from './globals.ts'
import type { Export, SavePaper } from './paper-commands.ts'

type Run = <Options extends Globals>(
  work: (options: Options, ...values: unknown[]) => Promise<void>,
) => (...args: unknown[]) => Promise<void>

export function addPaperCommands(
  {
    program,
    invoice,
    creditNote,
    usage,
  }: { program: Command; invoice: Command; creditNote: Command; usage: Command },
  run: Run,
): void {
  const commands = () => import('./paper-commands.ts')
  savesPaper(invoice, 'an invoice').action(
    run(async (options: SavePaper, which) => (await commands()).saveInvoice(which as string, options)),
  )
  savesPaper(creditNote, 'a credit note').action(
    run(async (options: SavePaper, which) => (await commands()).saveCreditNote(which as string, options)),
  )

  inTime(invoice.command('zip'))
    .description('save the PDFs of all invoices as one ZIP')
    .option('--out <file>', 'where to; "-" is standard output', 'invoices.zip')
    .action(run(async (options: Export) => (await commands()).saveInvoices(options)))

  inTime(invoice.command('export'))
    .description('print all invoices as CSV')
    .action(run(async (options: Export) => (await commands()).exportInvoices(options)))

  inTime(usage.command('export'))
    .description('print all usage records as CSV, oldest first')
    .action(run(async (options: Export) => (await commands()).exportUsage(options)))

  const seller = program.command('seller').description('who sells, as invoices say it (operator)')
  seller
    .command('show')
    .description('print it as JSON')
    .action(run(async () => (await commands()).showSeller()))
  seller
    .command('set')
    .description('set it from a file of JSON, as "seller show" prints it')
    .argument('<file>', '"-" is standard input')
    .action(run(async (_, file) => (await commands()).setSeller(file as string)))

  const details = program.command('billing-details').description('what invoices say of the account')
  details
    .command('show')
    .description('print it as JSON')
    .action(run(async (options) => (await commands()).showDetails(options)))
  details
    .command('set')
    .description('set it from a file of JSON, as "billing-details show" prints it')
    .argument('<file>', '"-" is standard input')
    .action(run(async (options, file) => (await commands()).setDetails(file as string, options)))
}

function savesPaper(command: Command, what: string): Command {
  return command
    .command('pdf')
    .description(`save ${what} as PDF, or as e-invoice`)
    .argument('<number or id>')
    .addOption(
      new Option('--form <form>', 'factur-x is the PDF with the e-invoice in it, ubl the e-invoice alone')
        .choices(['pdf', 'factur-x', 'ubl'])
        .default('pdf'),
    )
    .option('--out <file>', 'where to; under its number unless said, "-" is standard output')
}

function inTime(command: Command): Command {
  return command
    .option('--from <time>', 'a day in the zone of the account, or an instant')
    .option('--until <time>', 'the same; what happened at it is left out')
}
