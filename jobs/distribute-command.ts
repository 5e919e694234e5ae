/**
 * `drawdown distribute`: turns the database of DATABASE_URL into a distributed one (database/distribute.ts).
 *
 * Run by cli/distribute.ts in a process of its own, while no server is running. Ends with 1 where it is refused.
 */
import { describeFaults, readConfig } from '../config.ts'
import { distribute } from '../database/distribute.ts'
import { openEmbedded } from '../database/embedded.ts'
import { migrate } from '../database/migrate.ts'

async function main(flags: readonly string[]): Promise<number> {
  const reading = readConfig()
  if (!reading.ok) {
    console.error(describeFaults(reading.faults))
    return 2
  }
  const { config } = reading
  const dryRun = flags.includes('--dry-run')
  const embedded = config.databaseUrl === null ? await openEmbedded(config.dataFolder) : null
  try {
    const url = config.databaseUrl ?? embedded!.url
    await migrate(url)
    const answer = await distribute(url, { dryRun })
    if (flags.includes('--json')) console.log(JSON.stringify(answer, null, 2))
    else if (!answer.ok) console.error(answer.detail)
    else if (dryRun) for (const statement of answer.statements) console.log(`${statement};`)
    else console.log('The database is distributed.')
    return answer.ok ? 0 : 1
  } finally {
    await embedded?.close()
  }
}

process.exitCode = await main(process.argv.slice(2))
