/**
 * `drawdown verify`: verifies all books from their first transaction on, in the database that the server uses, whether or not a
 * server is running.
 *
 * Run by cli/verify.ts in a process of its own. Prints what is at fault, one line a row; ends with 1 where anything is.
 */
import { describeFaults, readConfig } from '../config.ts'
import { connect } from '../database/connect.ts'
import { openEmbedded } from '../database/embedded.ts'
import { verifyAll } from './verify-books.ts'

async function main(json: boolean): Promise<number> {
  const reading = readConfig()
  if (!reading.ok) {
    console.error(describeFaults(reading.faults))
    return 2
  }
  const { config } = reading
  const embedded = config.databaseUrl === null ? await openEmbedded(config.dataFolder) : null
  const db = connect(config.databaseUrl ?? embedded!.url)
  try {
    const faults: string[] = []
    const log = ({ event, account_id: account, fault, line }: Record<string, unknown>) => {
      if (event === 'verify_failed') faults.push(`account ${account} could not be verified: ${fault}`)
      if (event === 'kept_heads_changed') faults.push(`chain-heads.jsonl was changed before line ${line}`)
    }
    const failed = await verifyAll({ db, dataFolder: config.dataFolder, log }, { whole: true })
    if (json) {
      console.log(
        JSON.stringify({ in_order: failed.length + faults.length === 0, accounts: failed, faults }, null, 2),
      )
    } else {
      for (const { accountId, findings } of failed) {
        for (const { row, check, detail } of findings) {
          console.log(`account ${accountId}, ${row}: ${check}: ${detail}`)
        }
      }
      for (const fault of faults) console.log(fault)
      if (failed.length + faults.length === 0) console.log('All books are in order.')
    }
    return failed.length + faults.length === 0 ? 0 : 1
  } finally {
    await db.close()
    await embedded?.close()
  }
}

process.exitCode = await main(process.argv.includes('--json'))
