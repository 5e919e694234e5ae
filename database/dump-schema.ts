/**
 * Writes the schema as one readable file, read in review whenever it changes.
 *
 * Called as `npm run schema`, and by the test that keeps schema.sql true.
 *
 * 1. The same migrations give the same text on every machine: it is read from the catalogue of a migrated, empty database, sorted
 *    by name, with nothing in it that a server's version or the time of day decides. pg_dump is not used: a bare machine has none.
 * 2. All that decides who may see or change what is in it: owner, grants, row-level security, policies, triggers, functions.
 *
 * Not here: a script that restores. It reads as SQL, ordered for the reader. The tables of graphile-worker are its own affair.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { openEmbedded } from './embedded.ts'
import { migrate } from './migrate.ts'

export const SCHEMA_FILE = join(import.meta.dirname, 'schema.sql')

/** The schema of the database that `url` names, as text. */
export async function dumpSchema(url: string): Promise<string> {
  const client = new pg.Client({
    connectionString: url,
    options: '-c search_path=pg_catalog -c TimeZone=UTC',
  })
  await client.connect()
  try {
    const parts: string[] = [HEADER]
    for (const read of [schemas, types, sequences, tables, views, functions]) {
      parts.push(...(await read((text) => client.query(text).then(({ rows }) => rows))))
    }
    return `${parts.join('\n\n')}\n`
  } finally {
    await client.end()
  }
}

const HEADER = `-- The schema that the migrations and functions of this folder lead to. Written by \`npm run schema\`; do not edit.`

/** Rows of one catalogue query; every column is text or an array of text. */
type Read = (text: string) => Promise<Record<string, string>[]>

/** What is ours: all schemas but those of Postgres and of graphile-worker, and not what belongs to an extension. */
const OURS = `n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'graphile_worker')`
const notOfExtension = (catalogue: string, oid: string) =>
  `not exists (select from pg_depend e where e.classid = '${catalogue}'::regclass and e.objid = ${oid} and e.deptype = 'e')`
const NOT_BOOKKEEPING = `c.relname not in ('schema_migrations', 'schema_functions')`

/** Grants of one object to others than its owner, as statements. */
const grants = (acl: string, object: string) => `(
  select string_agg(line, e'\\n' order by line) from (
    select format('grant %s on ${object} to %s;', string_agg(lower(a.privilege_type), ', ' order by a.privilege_type),
             case a.grantee when 0 then 'public' else a.grantee::regrole::text end) as line
      from aclexplode(${acl}) a where a.grantee <> a.grantor group by a.grantee) g)`

async function schemas(read: Read): Promise<string[]> {
  const rows = await read(`
    select concat_ws(e'\\n',
             case when n.nspname <> 'public' then format('create schema %I authorization %s;', n.nspname, n.nspowner::regrole) end,
             ${grants('n.nspacl', "schema ' || quote_ident(n.nspname) || '")}) as text
      from pg_namespace n where ${OURS} order by n.nspname collate "C"`)
  const extensions = await read(
    `select format('create extension %I;', extname) as text from pg_extension where extname <> 'plpgsql' order by extname`,
  )
  return [...extensions, ...rows].map(({ text }) => text!)
}

async function types(read: Read): Promise<string[]> {
  const rows = await read(`
    select format('create type %I.%I as enum (%s);', n.nspname, t.typname,
             (select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid)) as text
      from pg_type t join pg_namespace n on n.oid = t.typnamespace
     where t.typtype = 'e' and ${OURS} and ${notOfExtension('pg_type', 't.oid')}
    union all
    select format('create domain %I.%I as %s%s%s;', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
             case when t.typnotnull then ' not null' else '' end,
             (select coalesce(string_agg(' ' || pg_get_constraintdef(d.oid), '' order by d.conname), '')
                from pg_constraint d where d.contypid = t.oid and d.contype = 'c'))
      from pg_type t join pg_namespace n on n.oid = t.typnamespace
     where t.typtype = 'd' and ${OURS} and ${notOfExtension('pg_type', 't.oid')}
     order by 1`)
  return rows.map(({ text }) => text!)
}

/** Sequences that stand alone; those of a column are told with it. */
async function sequences(read: Read): Promise<string[]> {
  const rows = await read(`
    select concat_ws(e'\\n',
             format('create sequence %I.%I as %s start %s increment %s%s;', n.nspname, c.relname, s.seqtypid::regtype, s.seqstart,
               s.seqincrement, case when s.seqcycle then ' cycle' else '' end),
             ${grants('c.relacl', "sequence ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || '")}) as text
      from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
     where ${OURS} and not exists (
       select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('i', 'a'))
     order by n.nspname collate "C", c.relname collate "C"`)
  return rows.map(({ text }) => text!)
}

async function tables(read: Read): Promise<string[]> {
  const rows = await read(`
    select format('%I.%I', n.nspname, c.relname) as name, c.relowner::regrole::text as owner,
           case when c.relispartition then format(e'create table %I.%I partition of %s %s', n.nspname, c.relname,
             (select inhparent::regclass::text from pg_inherits where inhrelid = c.oid), pg_get_expr(c.relpartbound, c.oid)) end as partition,
           case when c.relkind = 'p' then ' partition by ' || lower(pg_get_partkeydef(c.oid)) else '' end as partitioned,
           ${COLUMNS} as columns, ${CONSTRAINTS} as constraints, ${INDEXES} as indexes, ${POLICIES} as policies,
           ${TRIGGERS} as triggers,
           ${grants('c.relacl', "' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || '")} as grants,
           ${COLUMN_GRANTS} as column_grants,
           case when c.relrowsecurity then format('alter table %I.%I enable row level security;', n.nspname, c.relname) end as security,
           case when c.relforcerowsecurity then format('alter table %I.%I force row level security;', n.nspname, c.relname) end as forced,
           ${COMMENTS} as comments
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and ${OURS} and ${NOT_BOOKKEEPING} and ${notOfExtension('pg_class', 'c.oid')}
     order by n.nspname collate "C", c.relname collate "C"`)
  return rows.map((row) => {
    const body = [row.columns, row.constraints].filter(Boolean).join(',\n')
    const create = row.partition ?? `create table ${row.name} (\n${body}\n)${row.partitioned}`
    const owner = row.owner === 'drawdown_owner' ? null : `alter table ${row.name} owner to ${row.owner};`
    const after = [owner, row.indexes, row.security, row.forced, row.policies, row.triggers]
    return [`${create};`, ...after, row.grants, row.column_grants, row.comments].filter(Boolean).join('\n')
  })
}

const COLUMNS = `(
  select string_agg(format('  %I %s', a.attname, format_type(a.atttypid, a.atttypmod))
           || case when a.attcollation <> t.typcollation then ' collate ' || a.attcollation::regcollation else '' end
           || case when a.attgenerated = 's' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored'
                   when a.attidentity = 'a' then ' generated always as identity'
                   when a.attidentity = 'd' then ' generated by default as identity'
                   when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end
           || case when a.attnotnull then ' not null' else '' end, e',\\n' order by a.attnum)
    from pg_attribute a join pg_type t on t.oid = a.atttypid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)`

/** Not-null constraints stand with their column: from 18 on they are in this catalogue too. */
const CONSTRAINTS = `(
  select string_agg(format('  constraint %I %s', k.conname, pg_get_constraintdef(k.oid)), e',\\n'
           order by array_position(array['p', 'u', 'x', 'f', 'c'], k.contype::text), k.conname collate "C")
    from pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u', 'x', 'f', 'c') and k.conparentid = 0)`

const INDEXES = `(
  select string_agg(regexp_replace(regexp_replace(pg_get_indexdef(i.indexrelid), '^CREATE INDEX', 'create index'),
           '^CREATE UNIQUE INDEX', 'create unique index') || ';', e'\\n'
           order by i.indexrelid::regclass::text collate "C")
    from pg_index i where i.indrelid = c.oid
     and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
     and not exists (select from pg_inherits h where h.inhrelid = i.indexrelid))`

const POLICIES = `(
  select string_agg(format('create policy %I on %I.%I%s for %s to %s%s%s;', p.polname, n.nspname, c.relname,
           case when p.polpermissive then '' else ' as restrictive' end,
           case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
           (select string_agg(case r when 0 then 'public' else r::regrole::text end, ', ' order by r::regrole::text) from unnest(p.polroles) r),
           ' using (' || pg_get_expr(p.polqual, p.polrelid) || ')',
           ' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'), e'\\n' order by p.polname collate "C")
    from pg_policy p where p.polrelid = c.oid)`

const TRIGGERS = `(
  select string_agg(pg_get_triggerdef(t.oid) || ';', e'\\n' order by t.tgname collate "C")
    from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal and t.tgparentid = 0)`

const COLUMN_GRANTS = `(
  select string_agg(line, e'\\n' order by line) from (
    select format('grant %s (%s) on %I.%I to %s;', lower(x.privilege_type), string_agg(quote_ident(a.attname), ', ' order by a.attnum),
             n.nspname, c.relname, case x.grantee when 0 then 'public' else x.grantee::regrole::text end) as line
      from pg_attribute a, aclexplode(a.attacl) x
     where a.attrelid = c.oid and not a.attisdropped group by x.privilege_type, x.grantee) g)`

const COMMENTS = `(
  select string_agg(case when d.objsubid = 0 then format('comment on table %I.%I is %L;', n.nspname, c.relname, d.description)
           else format('comment on column %I.%I.%I is %L;', n.nspname, c.relname, a.attname, d.description) end, e'\\n' order by d.objsubid)
    from pg_description d left join pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid
   where d.classoid = 'pg_class'::regclass and d.objoid = c.oid)`

async function views(read: Read): Promise<string[]> {
  const rows = await read(`
    select concat_ws(e'\\n',
             format(e'create %sview %I.%I%s as\\n%s', case c.relkind when 'm' then 'materialized ' else '' end, n.nspname, c.relname,
               ' with (' || array_to_string(c.reloptions, ', ') || ')', pg_get_viewdef(c.oid, true)),
             ${grants('c.relacl', "' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || '")}) as text
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('v', 'm') and ${OURS} and ${notOfExtension('pg_class', 'c.oid')}
     order by n.nspname collate "C", c.relname collate "C"`)
  return rows.map(({ text }) => text!)
}

async function functions(read: Read): Promise<string[]> {
  const rows = await read(`
    select concat_ws(e'\\n', trim(trailing e'\\n' from pg_get_functiondef(p.oid)) || ';',
             case when p.proacl is null then format('-- anyone may execute %s', p.oid::regprocedure) end,
             ${grants('p.proacl', "function ' || p.oid::regprocedure || '")}) as text
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where p.prokind in ('f', 'p') and ${OURS} and ${notOfExtension('pg_proc', 'p.oid')}
     order by n.nspname collate "C", p.oid::regprocedure::text collate "C"`)
  return rows.map(({ text }) => text!)
}

/** The schema of this version, from a Postgres started for the purpose. */
async function dumpFresh(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'drawdown-schema-'))
  chmodSync(folder, 0o755)
  try {
    const postgres = await openEmbedded(folder, { settings: { fsync: 'off' } })
    try {
      await migrate(postgres.url)
      return await dumpSchema(postgres.url)
    } finally {
      await postgres.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await writeFile(SCHEMA_FILE, await dumpFresh())
}
