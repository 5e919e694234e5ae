/**
 * The one way in which a command asks before it does something that costs.
 *
 * 1. Nothing is asked and nothing done where nobody can answer: then --yes has to be said.
 */
import { UsedWrongly } from './refusal.ts'

/** Whether to go on. Throws UsedWrongly where there is no terminal to ask on. */
export async function askToGoOn(
  question: string,
  options: { yes?: boolean; json?: boolean },
): Promise<boolean> {
  if (options.yes) return true
  if (options.json || !process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UsedWrongly(
      'This costs money and nobody is here to be asked.',
      'Say --yes to go on without a question.',
    )
  }
  const { confirm, isCancel } = await import('@clack/prompts')
  const answer = await confirm({ message: question })
  return !isCancel(answer) && answer
}
