/** Accounts, members, invitations and keys on real Postgres: prefixes, directories, and the wall between accounts. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { acceptInvitation } from './accept-invitation.ts'
import { addMember, createAccount } from './create-account.ts'
import { createApiKey } from './create-api-key.ts'
import { createInvitation } from './create-invitation.ts'
import { findApiKey } from './find-api-key.ts'
import { listAccountsOf } from './list-accounts.ts'
import { listApiKeys } from './list-api-keys.ts'
import { listInvitations } from './list-invitations.ts'
import { readAccount, readRole } from './read-account.ts'
import { removeMember } from './remove-member.ts'
import { revokeApiKey } from './revoke-api-key.ts'
import { digestOf, newSecret } from './secret.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database?.drop())

async function create(name: string, ownerUserId?: string) {
  const result = await createAccount(database.db, { name, ownerUserId })
  if (!result.ok) throw new Error(result.refusal)
  return result.account
}

describe('createAccount', () => {
  test.each([
    ['Tinker & Sons', 'TINKER'],
    ['Überlinger Fotohaus', 'UBERLI'],
    ['  42 west', 'WEST'],
    ['東京', 'INV'],
    ["O'Hara", 'O'],
  ])('%s gets the invoice prefix %s', async (name, prefix) => {
    expect((await create(name)).invoicePrefix).toBe(prefix)
  })

  test('gives each of many accounts of one name a prefix of its own, also at once', async () => {
    const accounts = await Promise.all(Array.from({ length: 25 }, () => create('Acme')))
    const prefixes = accounts.map(({ invoicePrefix }) => invoicePrefix)
    expect(new Set(prefixes).size).toBe(25)
    for (const prefix of prefixes) expect(prefix).toMatch(/^ACME\d{0,9}$/)
    expect(prefixes).toContain('ACME')
  })

  test.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Asia/Kolkata'])(
    'takes the zone %s',
    async (zone) => {
      const result = await createAccount(database.db, { name: 'Zoned', zone })
      expect(result).toMatchObject({ ok: true, account: { zone } })
    },
  )

  test.each(['Mars/Olympus', '', '+02:00', 'Europe/Berlin; drop table'])(
    'refuses the zone "%s"',
    async (zone) => {
      const result = await createAccount(database.db, { name: 'Zoned', zone })
      expect(result).toEqual({ ok: false, refusal: 'zone_unknown' })
    },
  )

  test('without an owner has no member, with one has an owner', async () => {
    const { accountId } = await create('Lone')
    expect(await readRole(database.db, accountId, 'user_a')).toBeNull()
    const owned = await create('Owned', 'user_a')
    expect(await readRole(database.db, owned.accountId, 'user_a')).toBe('owner')
    expect(await listAccountsOf(database.db, 'user_a')).toEqual([
      { accountId: owned.accountId, name: 'Owned', role: 'owner' },
    ])
  })
})

describe('an API key', () => {
  test('is found by itself alone, until it is revoked', async () => {
    const { accountId } = await create('Keys')
    const made = await createApiKey(database.db, { accountId, name: 'CI', scopes: ['read', 'write', 'read'] })
    if (!made.ok) throw new Error(made.refusal)
    const { key, apiKey } = made
    const found = { apiKeyId: apiKey.apiKeyId, accountId, scopes: ['read', 'write'] }
    expect(await findApiKey(database.db, key)).toEqual(found)
    expect(await findApiKey(database.db, key.toLowerCase())).toBeNull()
    expect(await findApiKey(database.db, newSecret('dd_'))).toBeNull()
    expect(await revokeApiKey(database.db, { accountId, apiKeyId: apiKey.apiKeyId })).toEqual({ ok: true })
    expect(await findApiKey(database.db, key)).toBeNull()
    const [listed] = await listApiKeys(database.db, { accountId, limit: 9, after: null })
    expect(listed!.revokedAt).toBeInstanceOf(Date)
  })

  test('is not made for an account that does not exist', async () => {
    const accountId = '0193a000-0000-7000-8000-000000000000'
    expect(await createApiKey(database.db, { accountId, name: 'x', scopes: ['read'] })).toEqual({
      ok: false,
      refusal: 'account_not_found',
    })
  })

  test('is nowhere in the database', async () => {
    const { accountId } = await create('Dumped')
    const made = await createApiKey(database.db, { accountId, name: 'CI', scopes: ['read'] })
    const invited = await createInvitation(database.db, {
      accountId,
      email: 'i@example.com',
      role: 'viewer',
      by: 'owner',
    })
    if (!made.ok || !invited.ok) throw new Error('expected both')
    const [{ dump }] = (await database.db.asService((tx) =>
      tx.query<{ dump: string }>(
        `select (select string_agg(a::text, '') from api_keys a) || (select string_agg(d::text, '') from api_key_directory d)
           || (select string_agg(i::text, '') from invitations i) || (select string_agg(i::text, '') from invitation_directory i) as dump`,
      ),
    )) as [{ dump: string }]
    expect(dump).toContain(digestOf(made.key).toString('hex'))
    expect(dump).not.toContain(made.key.slice(9))
    expect(dump).not.toContain(invited.token)
  })
})

describe('an invitation', () => {
  const invite = async (accountId: string, email = 'guest@example.com') => {
    const made = await createInvitation(database.db, { accountId, email, role: 'editor', by: 'admin' })
    if (!made.ok) throw new Error(made.refusal)
    return made
  }

  test('is dead when it has expired', async () => {
    const { accountId } = await create('Late')
    const { token, invitation } = await invite(accountId)
    await database.db.asTenant(accountId, (tx) =>
      tx.query(`update invitations set expires_at = now() where invitation_id = $1`, [
        invitation.invitationId,
      ]),
    )
    const request = { token, userId: 'user_late', email: 'guest@example.com' }
    expect(await acceptInvitation(database.db, request)).toEqual({ ok: false, refusal: 'invitation_dead' })
    expect(await listInvitations(database.db, { accountId, limit: 9, after: null })).toEqual([])
  })

  test('of a member changes nothing', async () => {
    const { accountId } = await create('Twice', 'user_twice')
    const { token } = await invite(accountId)
    const request = { token, userId: 'user_twice', email: 'guest@example.com' }
    expect(await acceptInvitation(database.db, request)).toEqual({ ok: false, refusal: 'member_already' })
    expect(await readRole(database.db, accountId, 'user_twice')).toBe('owner')
  })

  test('brings in with the role that was offered, and can be followed by leaving and coming back', async () => {
    const { accountId } = await create('Open', 'user_host')
    const join = async () => {
      const { token } = await invite(accountId, 'Guest@Example.com')
      return acceptInvitation(database.db, { token, userId: 'user_guest', email: 'guest@example.com' })
    }
    expect(await join()).toEqual({ ok: true, accountId })
    expect(await readRole(database.db, accountId, 'user_guest')).toBe('editor')
    expect(await removeMember(database.db, { accountId, userId: 'user_guest', by: 'admin' })).toEqual({
      ok: true,
    })
    expect(await listAccountsOf(database.db, 'user_guest')).toEqual([])
    expect(await join()).toEqual({ ok: true, accountId })
  })
})

describe('the wall between accounts', () => {
  const TABLES = [
    'accounts',
    'memberships',
    'invitations',
    'api_keys',
    'member_directory',
    'invitation_directory',
    'api_key_directory',
    'invoice_prefix_directory',
  ]

  test('shows an account its own rows whatever the query says, and lets it write nobody else’s', async () => {
    const [mine, theirs] = [await create('Mine', 'user_me'), await create('Theirs', 'user_you')]
    for (const { accountId } of [mine, theirs]) {
      await createApiKey(database.db, { accountId, name: 'k', scopes: ['read'] })
      await createInvitation(database.db, { accountId, email: 'g@example.com', role: 'viewer', by: 'owner' })
    }
    for (const table of TABLES) {
      const rows = await database.db.asTenant(mine.accountId, (tx) =>
        tx.query<{ account_id: string }>(`select account_id from ${table}`),
      )
      expect([table, [...new Set(rows.map((row) => row.account_id))]]).toEqual([table, [mine.accountId]])
    }
    const rename = await database.db.asTenant(mine.accountId, (tx) =>
      tx.query(`update accounts set name = 'taken' where account_id = $1 returning name`, [theirs.accountId]),
    )
    expect(rename).toEqual([])
    expect((await readAccount(database.db, theirs.accountId))!.name).toBe('Theirs')
    const join = database.db.asTenant(mine.accountId, (tx) =>
      addMember(tx, theirs.accountId, 'user_me', 'owner'),
    )
    await expect(join).rejects.toThrow('row-level security')
  })

  test('stands around every verb that takes an account', async () => {
    const [mine, theirs] = [await create('Mine too', 'user_1'), await create('Theirs too', 'user_2')]
    const made = await createApiKey(database.db, { accountId: theirs.accountId, name: 'k', scopes: ['read'] })
    if (!made.ok) throw new Error(made.refusal)
    const { accountId } = mine
    const { apiKeyId } = made.apiKey
    expect(await revokeApiKey(database.db, { accountId, apiKeyId })).toMatchObject({ ok: false })
    expect(await removeMember(database.db, { accountId, userId: 'user_2', by: 'owner' })).toEqual({
      ok: false,
      refusal: 'member_not_found',
    })
    expect(await listApiKeys(database.db, { accountId, limit: 9, after: null })).toEqual([])
    expect(await findApiKey(database.db, made.key)).not.toBeNull()
  })
})

describe('secrets', () => {
  test('have one length, use all characters, and never come twice', () => {
    const secrets = Array.from({ length: 2_000 }, () => newSecret('dd_'))
    expect(new Set(secrets).size).toBe(secrets.length)
    for (const secret of secrets) expect(secret).toMatch(/^dd_[0-9A-Za-z]{43}$/)
    expect(new Set(secrets.map((secret) => secret.slice(4)).join('')).size).toBe(62)
  })
})
