/**
 * The command line: which commands there are and what they take. Each is carried out by a file of its own, loaded when it is called.
 *
 * 1. Every command but `start` and `worker` speaks HTTP through the client, and has --json for one JSON document on standard output.
 * 2. What is paid is shown with what is left after it, and asked for, unless --yes.
 * 3. Exit codes: refusal.ts.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, CommanderError, Option } from 'commander'
import type { CreateAccount, CreateKey } from './account-commands.ts'
import type { SetAlerts } from './alert-commands.ts'
import { addArchiveCommands } from './archive-program.ts'
import type { PlanMix } from './balance-commands.ts'
import type { AdvanceClock } from './clock-commands.ts'
import type { CreateCreditNote } from './credit-note-commands.ts'
import type { Distribute } from './distribute.ts'
import type { Globals } from './globals.ts'
import type { CreateGrant, VoidGrant } from './grant-commands.ts'
import { addHotFolderCommands } from './hot-folder-program.ts'
import type { ImportUsage } from './import-usage.ts'
import type { SetInterim } from './interim-commands.ts'
import type { AcceptItem } from './item-commands.ts'
import type { ExportJournal } from './journal-commands.ts'
import { addPaperCommands } from './paper-program.ts'
import { manyPercents, naturalNumber, quantities, taxRates, wholeNumber } from './parse-words.ts'
import { addPlanCommands } from './plan-program.ts'
import { reportFault } from './refusal.ts'
import type { RunAutomation } from './run-command.ts'
import { run } from './run-work.ts'
import type { SetTax } from './tax-commands.ts'
import { addTillCommands } from './till-program.ts'
import type { RecordUsage } from './usage-commands.ts'
import type { VerifyInvoice } from './verify-invoice.ts'

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8')) as {
  version: string
}

const program = new Command('drawdown')
  .version(version)
  .description('Runs image automations and bills them to the cent.')
  .option('--json', 'print one JSON document')
  .option('--account <id or name>', 'which account is meant, where several are known')
  .exitOverride()
  .addHelpText(
    'after',
    `
DRAWDOWN_URL and DRAWDOWN_API_KEY say where the server is and as whom to speak. On the machine of a running server
neither is needed.`,
  )

program
  .command('start')
  .description('start the server: the same as "npm start"')
  .action(async () => (await import('./start.ts')).start())

program
  .command('worker')
  .description(
    'work on images beside a server: on its machine, or on another with DATABASE_URL and STORAGE_URL',
  )
  .action(async () => (await import('./worker.ts')).work())

program
  .command('verify')
  .description('derive all books again and name every row at fault; works with or without a running server')
  .action(run(async (options) => (await import('./verify.ts')).verify(options)))

program
  .command('distribute')
  .description('spread the database over the nodes of a Citus cluster; once, while no server is running')
  .option('--dry-run', 'print the statements and run none')
  .action(run(async (options: Distribute) => (await import('./distribute.ts')).distribute(options)))

addArchiveCommands(program)

const account = program.command('account').description('accounts of this installation (operator)')
account
  .command('create')
  .description('create an account with an API key, and start its plan')
  .requiredOption('--name <name>', 'name of the account')
  .option('--email <address>', 'who owns it: a link with which they join is printed')
  .option('--plan <code>', 'plan to start')
  .option('--card <token>', 'token of a payment method; in the sandbox a play card that pays, unless said')
  .option('--zone <zone>', 'IANA time zone of its calendar, such as Europe/Berlin')
  .option('--remember', 'keep the key for later commands, without asking')
  .action(
    run(async (options: CreateAccount) => (await import('./account-commands.ts')).createAccount(options)),
  )
account
  .command('list')
  .description('all accounts with balance, overage and debt')
  .action(run(async (options) => (await import('./account-commands.ts')).listAccounts(options)))

account
  .command('tax')
  .description('how an account is taxed, and setting it: --rate VAT=0.2, --exempt, --reverse-charge, --none')
  .option('--rate <name=share...>', 'a tax and its share of one, such as VAT=0.19', taxRates)
  .option('--exempt', 'ask for no tax, and say that the account is exempt')
  .option('--reverse-charge', 'ask for no tax, and say that the recipient pays it')
  .option('--none', 'ask for no tax, and say nothing')
  .action(run(async (options: SetTax) => (await import('./tax-commands.ts')).setTax(options)))

account
  .command('interim')
  .description('at how much overage on no invoice an interim one is made: --at 100, --off')
  .option('--at <amount>', 'in the account’s currency')
  .option('--off', 'never: overage is billed when its period ends')
  .action(run(async (options: SetInterim) => (await import('./interim-commands.ts')).setInterim(options)))

program
  .command('key')
  .description('API keys (operator)')
  .command('create')
  .description('make an API key for an account; it is shown once')
  .option('--name <name>', 'what it is for', 'Command line')
  .option('--scope <scope...>', 'read, write, usage:write, billing:write; all of them unless said')
  .action(run(async (options: CreateKey) => (await import('./account-commands.ts')).createKey(options)))

program
  .command('run')
  .description('run an automation over photos: quote, question, progress, results, receipt')
  .argument('<automation>', 'name or id')
  .argument('<files or folders...>', 'photos, or folders of photos')
  .requiredOption('--out <folder>', 'where the results go')
  .option('--name <name>', 'name of the run')
  .option('--yes', 'do not ask')
  .action(
    run(async (options: RunAutomation, automation, paths) =>
      (await import('./run-command.ts')).runAutomation(automation as string, paths as string[], options),
    ),
  )

const item = program.command('item').description('photos that are held for a decision')
item
  .command('accept')
  .description('accept a held photo: price, question, payment; the same run again then writes its result')
  .argument('<item id>', 'as the run tells it')
  .option('--yes', 'do not ask')
  .action(
    run(async (options: AcceptItem, id) =>
      (await import('./item-commands.ts')).acceptItem(id as string, options),
    ),
  )
item
  .command('discard')
  .description('discard a held photo; it costs nothing')
  .argument('<item id>', 'as the run tells it')
  .action(run(async (options, id) => (await import('./item-commands.ts')).discardItem(id as string, options)))

program
  .command('balance')
  .description('plan, balance, overage, when it resets and what it buys')
  .action(run(async (options) => (await import('./balance-commands.ts')).showBalance(options)))

program
  .command('mix')
  .description('what a mix of operations costs and what is left for the others')
  .option('--fixed <operation=count...>', 'what you have decided on, such as smart_crop=100', quantities)
  .option('--target <operation=count...>', 'what you want to be able to run', quantities)
  .option('--automation <name or id>', 'also: how many images of this automation')
  .action(run(async (options: PlanMix) => (await import('./balance-commands.ts')).planMix(options)))

const alerts = program
  .command('alerts')
  .description('what you are told of, and what you were told this period')
  .action(run(async (options) => (await import('./alert-commands.ts')).showAlerts(options)))
alerts
  .command('set')
  .description('set what to be told of, in place of what was set before')
  .option('--credits <percent...>', 'when so much of the credits is used, such as 80', manyPercents)
  .option('--overage <amount...>', 'when so much overage has accrued, such as 25')
  .option('--forecast <amount...>', 'when the period is likely to end with so much overage')
  .option('--none', 'nothing')
  .action(run(async (options: SetAlerts) => (await import('./alert-commands.ts')).setAlerts(options)))

const pause = program
  .command('pause')
  .description('the overage at which automations pause, if you have set one')
  .action(run(async (options) => (await import('./alert-commands.ts')).showPause(options)))
pause
  .command('at')
  .description('pause automations at so much overage a period; usage from outside is booked all the same')
  .argument('<amount>', 'in currency, such as 25')
  .action(
    run(async (options, amount) => (await import('./alert-commands.ts')).setPause(amount as string, options)),
  )
pause
  .command('off')
  .description('never pause')
  .action(run(async (options) => (await import('./alert-commands.ts')).setPause(null, options)))

addPlanCommands(program)
addHotFolderCommands(program)
addTillCommands(program)

const invoice = program.command('invoice').description('invoices of the account')
invoice
  .command('list')
  .description('all invoices, newest first')
  .action(run(async (options) => (await import('./invoice-commands.ts')).listInvoices(options)))
invoice
  .command('show')
  .description('one invoice with its lines')
  .argument('<number or id>', 'or "upcoming"')
  .action(
    run(async (options, which) =>
      (await import('./invoice-commands.ts')).showInvoice(which as string, options),
    ),
  )

const creditNote = program.command('credit-note').description('usage that was taken back')
creditNote
  .command('create')
  .description('take usage back (operator): overage falls away or becomes customer credit, credits return')
  .option('--usage <id...>', 'usage records')
  .option('--run <id>', 'all of a run that is not credited yet')
  .option('--item <id...>', 'photos of runs')
  .requiredOption('--reason <text>', 'why, in words for the customer')
  .action(
    run(async (options: CreateCreditNote) =>
      (await import('./credit-note-commands.ts')).createCreditNote(options),
    ),
  )
creditNote
  .command('list')
  .description('all credit notes, newest first')
  .action(run(async (options) => (await import('./credit-note-commands.ts')).listCreditNotes(options)))
creditNote
  .command('show')
  .description('one credit note')
  .argument('<number or id>')
  .action(
    run(async (options, which) =>
      (await import('./credit-note-commands.ts')).showCreditNote(which as string, options),
    ),
  )

invoice
  .command('proof')
  .description('print all that one finalized invoice can be proven with, as JSON')
  .argument('<number or id>')
  .action(
    run(async (options, which) => (await import('./verify-invoice.ts')).printProof(which as string, options)),
  )
invoice
  .command('verify')
  .description('prove an invoice from its proof, on this machine and without a server')
  .argument('<file>', 'as "drawdown invoice proof" printed it')
  .option('--archive <file...>', 'files of archived usage, to prove the records that are in them alone')
  .action(
    run(async (options: VerifyInvoice, file) =>
      (await import('./verify-invoice.ts')).verifyInvoice(file as string, options),
    ),
  )

program
  .command('automation')
  .description('automations of the account')
  .command('list')
  .description('all automations with their steps')
  .action(run(async (options) => (await import('./automation-commands.ts')).listAutomations(options)))

const usage = program.command('usage').description('usage of operations that run elsewhere')
usage
  .command('record')
  .description('record that an operation ran')
  .argument('<operation>', 'such as smart_crop')
  .argument('<quantity>', 'how often', wholeNumber)
  .requiredOption('--key <key>', 'what makes this record one of a kind: the same key is booked once')
  .option('--occurred-at <instant>', 'when it happened, RFC 3339')
  .action(
    run(async (options: RecordUsage, operation, quantity) =>
      (await import('./usage-commands.ts')).recordUsage(operation as string, quantity as number, options),
    ),
  )

usage
  .command('import')
  .description('record a file of usage, line by line; safe to repeat, since a key is booked once')
  .argument(
    '<file>',
    'CSV with a header (key, operation, quantity, occurred_at), or lines of JSON; "-" is standard input',
  )
  .addOption(
    new Option('--format <format>', 'of the file; by the ending of its name unless said').choices([
      'csv',
      'ndjson',
    ]),
  )
  .option('--from <line>', 'the first line to send: where an import stopped', wholeNumber)
  .option('--results <file>', 'write what became of each line there, as lines of JSON')
  .option('--operator', 'as the operator: each line names its account_id')
  .action(
    run(async (options: ImportUsage, file) =>
      (await import('./import-usage.ts')).importUsage(file as string, options),
    ),
  )

const grant = program.command('grant').description('credits given, sold and taken back (operator)')
grant
  .command('create')
  .description('grant credits to an account')
  .requiredOption('--source <source>', 'promotion, purchase or adjustment')
  .requiredOption('--credits <amount>', 'how much, in the account’s credit unit')
  .requiredOption('--reason <text>', 'why; the customer sees it')
  .option('--price <amount>', 'of a purchase: billed and collected at once')
  .option('--starts <instant>', 'date or RFC 3339 instant; at once unless said')
  .option('--expires <instant>', 'date or RFC 3339 instant; never unless said')
  .option('--priority <number>', '0 is drawn first, 100 last; plan credits have 50', naturalNumber)
  .option('--key <key>', 'the same key grants once')
  .action(run(async (options: CreateGrant) => (await import('./grant-commands.ts')).createGrant(options)))
grant
  .command('list')
  .description('all grants of an account, ended or not, newest first')
  .action(run(async (options) => (await import('./grant-commands.ts')).listGrants(options)))
grant
  .command('void')
  .description('take back what is left of a grant')
  .argument('<grant id>', 'as "grant list" tells it')
  .requiredOption('--reason <text>', 'why')
  .action(
    run(async (options: VoidGrant, id) =>
      (await import('./grant-commands.ts')).voidGrant(id as string, options),
    ),
  )

program
  .command('journal')
  .description('the journal of the books (operator)')
  .command('export')
  .description('print it for hledger, beancount or a spreadsheet; of one account with --account')
  .addOption(
    new Option('--format <format>', 'of which program')
      .choices(['hledger', 'beancount', 'csv'])
      .default('hledger'),
  )
  .action(
    run(async (options: ExportJournal) => (await import('./journal-commands.ts')).exportJournal(options)),
  )

program
  .command('clock')
  .description('the sandbox clock (operator)')
  .command('advance')
  .description('move the clock of one account or of all, through everything that falls due on the way')
  .requiredOption('--to <instant>', 'date or RFC 3339 instant, such as 2026-12-22 or 2026-12-22T09:00:00Z')
  .option('--all', 'all accounts')
  .action(run(async (options: AdvanceClock) => (await import('./clock-commands.ts')).advanceClock(options)))

// Whoever reads the output may stop reading it, as `head` does: that is the end of the command, and no fault.
process.stdout.on('error', (fault: NodeJS.ErrnoException) => {
  if (fault.code !== 'EPIPE') throw fault
  process.exit()
})

addPaperCommands({ program, invoice, creditNote, usage }, run)
pointToHelp(program, 'drawdown')
await main()

async function main(): Promise<void> {
  try {
    await program.parseAsync()
  } catch (fault) {
    if (fault instanceof CommanderError) {
      // Help and version are no faults. Commander has printed what there is to say.
      process.exitCode = fault.exitCode === 0 ? 0 : 2
    } else {
      process.exitCode = reportFault(fault, program.opts<Globals>().json === true)
    }
  }
}

/** Whoever uses a command wrongly is pointed to the help of that command. */
function pointToHelp(command: Command, words: string): void {
  command.showHelpAfterError(`Try "${words} --help".`)
  for (const each of command.commands) pointToHelp(each, `${words} ${each.name()}`)
}
