/**
 * `drawdown archive`: hands over to the server's own command, in a process of its own that reads the server's settings and database,
 * whether or not a server is running.
 */
import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import type { Globals } from './globals.ts'
import { isoMonth } from './parse-words.ts'
import { run } from './run-work.ts'

type ArchiveUsage = Globals & { before: string; out: string }

export function addArchiveCommands(program: Command): void {
  const archive = program
    .command('archive')
    .description('usage records of old months, to files and back; works with or without a running server')
  archive
    .command('usage')
    .description('write all months before a month to files, and take them out of the database')
    .requiredOption('--before <month>', 'the first month that stays, such as 2027-01', isoMonth)
    .requiredOption('--out <folder>', 'where the files go')
    .action(
      run(({ before, out, json }: ArchiveUsage) =>
        inServer(['usage', '--before', before, '--out', resolve(out)], json),
      ),
    )
  archive
    .command('list')
    .description('which months were archived, with the hash of their lines')
    .action(run(({ json }: Globals) => inServer(['list'], json)))
  archive
    .command('restore')
    .description('put archived months back into the database')
    .argument('<files...>', 'usage-….ndjson.gz, with its manifest beside it')
    .action(
      run(({ json }: Globals, files) =>
        inServer(['restore', ...(files as string[]).map((file) => resolve(file))], json),
      ),
    )
}

async function inServer(words: readonly string[], json: boolean | undefined): Promise<void> {
  const root = join(import.meta.dirname, '..')
  const flags = [
    '--import',
    'tsx',
    join(root, 'jobs', 'archive-command.ts'),
    ...words,
    ...(json ? ['--json'] : []),
  ]
  const child = spawn(process.execPath, flags, { cwd: root, stdio: 'inherit' })
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
