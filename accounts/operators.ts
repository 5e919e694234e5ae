/** Who runs the installation: users named in `operators`, and programs with an operator key. */
import type { Database } from '../database/connect.ts'
import { digestOf } from './secret.ts'

/** Told from an account's key by its first characters, so that each needs one look-up. */
export const OPERATOR_KEY_PREFIX = 'ddo_'

export async function isOperator(db: Database, userId: string): Promise<boolean> {
  const rows = await db.asService((tx) => tx.query('select from operators where user_id = $1', [userId]))
  return rows.length > 0
}

export async function isOperatorKey(db: Database, key: string): Promise<boolean> {
  const rows = await db.asService((tx) =>
    tx.query('select from operator_keys where digest = $1', [digestOf(key)]),
  )
  return rows.length > 0
}
