/**
 * The commands about plans: those on offer, the account's own, advice, and the operator's catalogue. Called by drawdown.ts.
 */
import type { Command } from 'commander'
import { wholeNumber } from './parse-words.ts'
import type { ChangePlan } from './plan-commands.ts'
import type { Advise, Rehearse } from './rehearse-command.ts'
import { run } from './run-work.ts'

export function addPlanCommands(program: Command): void {
  program
    .command('plans')
    .description('plans on offer, and what their credits buy')
    .action(run(async (options) => (await import('./plan-commands.ts')).listPlans(options)))

  program
    .command('advice')
    .description('what your last terms would have cost on every plan')
    .option('--terms <number>', 'how many of the last terms', wholeNumber, 3)
    .action(run(async (options: Advise) => (await import('./rehearse-command.ts')).showAdvice(options)))

  const plan = program.command('plan').description('the plan of the account, and the plans of the catalogue')
  plan
    .command('list')
    .description('all plans, on offer or withdrawn, with their subscribers (operator)')
    .action(run(async (options) => (await import('./rehearse-command.ts')).listCatalogue(options)))
  plan
    .command('rehearse')
    .description('what every account would have paid over its last terms under a draft (operator)')
    .argument('[draft]', 'a JSON file, as POST /v1/operator/plans takes it')
    .option('--terms <number>', 'the newest terms of each account, up to 24', wholeNumber, 3)
    .option('--everyone', 'all terms in its currency, not only those under this plan')
    .option('--id <id>', 'show an earlier rehearsal')
    .action(
      run(async (options: Rehearse, draft) =>
        (await import('./rehearse-command.ts')).rehearse(draft as string | undefined, options),
      ),
    )
  for (const [word, offered, says] of [
    ['withdraw', false, 'nobody can choose it any more; who has it keeps it (operator)'],
    ['offer', true, 'put a withdrawn plan on offer again (operator)'],
  ] as const) {
    plan
      .command(word)
      .description(says)
      .argument('<code>', 'of the plan')
      .action(
        run(async (options, code) =>
          (await import('./rehearse-command.ts')).offerPlan(code as string, offered, options),
        ),
      )
  }
  plan
    .command('change')
    .description('start or change the plan: preview, question, change')
    .argument('<code>', 'plan to change to')
    .option('--yes', 'do not ask')
    .action(
      run(async (options: ChangePlan, code) =>
        (await import('./plan-commands.ts')).changePlan(code as string, options),
      ),
    )
}
