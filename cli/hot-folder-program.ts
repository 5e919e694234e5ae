/** The commands about hot folders. Called by drawdown.ts. */
import { type Command, Option } from 'commander'
import type { ConnectFolder } from './hot-folder-commands.ts'
import { run } from './run-work.ts'

export function addHotFolderCommands(program: Command): void {
  const folder = program.command('hot-folder').description('folders whose files are run by themselves')
  folder
    .command('list')
    .description('all of them: where photos are put, when they start, how they stand')
    .action(run(async (options) => (await import('./hot-folder-commands.ts')).listHotFolders(options)))
  folder
    .command('connect')
    .description('connect an automation to a folder; it is made, and its place printed')
    .argument('<name>', 'of the folder: small letters, digits and hyphens')
    .requiredOption('--automation <name or id>', 'what is run over what comes')
    .addOption(
      new Option('--starts <when>', 'when it starts; at once unless said').choices([
        'at_once',
        'hourly',
        'daily',
        'weekdays',
      ]),
    )
    .option('--at <time>', 'with daily and weekdays, such as 02:00, in the zone of the account')
    .action(
      run(async (options: ConnectFolder, name) =>
        (await import('./hot-folder-commands.ts')).connectHotFolder(name as string, options),
      ),
    )
  folder
    .command('files')
    .description('what came into one, newest first, and what became of it')
    .argument('<name or id>')
    .action(
      run(async (options, name) =>
        (await import('./hot-folder-commands.ts')).listHotFiles(name as string, options),
      ),
    )
  for (const [word, paused, description] of [
    ['pause', true, 'start nothing from it for now'],
    ['resume', false, 'go on with one that is paused'],
  ] as const) {
    folder
      .command(word)
      .description(description)
      .argument('<name or id>')
      .action(
        run(async (options, name) =>
          (await import('./hot-folder-commands.ts')).changeHotFolder(name as string, { paused }, options),
        ),
      )
  }
  folder
    .command('disconnect')
    .description('start nothing from it any more; files, results and runs stay')
    .argument('<name or id>')
    .action(
      run(async (options, name) =>
        (await import('./hot-folder-commands.ts')).disconnectHotFolder(name as string, options),
      ),
    )
}
