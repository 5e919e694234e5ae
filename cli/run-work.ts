/**
 * Ties a command of drawdown.ts to the function that carries it out.
 */
import type { Command } from 'commander'
import type { Globals } from './globals.ts'

/** Wraps the work of a command: options of the program and of the command in one value, then the arguments. */
export function run<Options extends Globals>(
  work: (options: Options, ...values: unknown[]) => Promise<void>,
): (...args: unknown[]) => Promise<void> {
  return async (...args) => {
    const command = args.at(-1) as Command
    await work(command.optsWithGlobals<Options>(), ...args.slice(0, -2))
  }
}
