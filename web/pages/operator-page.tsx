/** The operator's view: all accounts with their balances and debts, and in a sandbox the clock of each. */
import type { OperatorAccount } from '@drawdown/client'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Clock } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { faultText } from '../api.ts'
import { dateText, readAmount } from '../format.ts'
import { foundAccountsQuery } from '../operator-queries.ts'
import { meQuery } from '../queries.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { TextField } from '../ui/field.tsx'
import { Money } from '../ui/money.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader, Panel } from '../ui/panel.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { Table } from '../ui/table.tsx'
import { ClockDialog } from './operator/clock-dialog.tsx'
import { NewAccountDialog } from './operator/new-account-dialog.tsx'

const route = getRouteApi('/inside/operator')

export function OperatorPage() {
  const { clock, find } = route.useSearch()
  const navigate = route.useNavigate()
  const { data: me } = useQuery(meQuery())
  const accounts = useInfiniteQuery(foundAccountsQuery(find ?? ''))
  const [making, setMaking] = useState(false)
  const all = accounts.data?.pages.flatMap(({ data }) => data)
  const moving = clock === 'all' ? 'all' : all?.find(({ id }) => id === clock)
  return (
    <>
      <PageHeader
        title="Accounts"
        actions={
          <>
            {me?.sandbox && all && all.length > 0 && (
              <Link
                to="."
                search={(known: object) => ({ ...known, clock: 'all' })}
                className={buttonClass('quiet')}
              >
                <Clock aria-hidden size={16} />
                Move all clocks
              </Link>
            )}
            <Button onClick={() => setMaking(true)}>New account</Button>
          </>
        }
      >
        {me?.sandbox &&
          'A sandbox: cards are play money, and every account has a clock that can be moved ahead.'}
      </PageHeader>
      {(find !== undefined || (all && all.length > 0)) && <FindAccount find={find} />}
      {accounts.isPending && <SkeletonRows rows={5} className="h-14" />}
      {accounts.isError && <Notice tone="danger">{faultText(accounts.error)}</Notice>}
      {all?.length === 0 && find !== undefined && <p className="text-ink-2">No account is called that.</p>}
      {all?.length === 0 && find === undefined && (
        <EmptyState
          title="No accounts yet"
          action={
            <Link to="/new-account" className={buttonClass('primary')}>
              Create an account
            </Link>
          }
        >
          Every account that signs up will stand here, with its balance, its overage and what it owes.
        </EmptyState>
      )}
      {all && all.length > 0 && <AccountTable accounts={all} sandbox={me?.sandbox ?? false} />}
      {accounts.hasNextPage && (
        <Button className="mt-4" busy={accounts.isFetchingNextPage} onClick={() => accounts.fetchNextPage()}>
          Show more accounts
        </Button>
      )}
      {me?.sandbox && moving && (
        <ClockDialog
          key={clock}
          account={moving}
          mine={me.accounts.some(({ id }) => id === clock)}
          onClose={() =>
            navigate({ search: (known) => ({ ...known, clock: undefined }), resetScroll: false })
          }
        />
      )}
      {making && <NewAccountDialog sandbox={me?.sandbox ?? false} onClose={() => setMaking(false)} />}
    </>
  )
}

function FindAccount({ find }: { find: string | undefined }) {
  const navigate = route.useNavigate()
  return (
    <search className="mb-4 block max-w-md">
      <TextField
        label="Find an account"
        type="search"
        placeholder="A part of its name, or its id"
        defaultValue={find}
        onChange={({ target }) =>
          navigate({
            search: (known) => ({ ...known, find: target.value || undefined }),
            replace: true,
            resetScroll: false,
          })
        }
      />
    </search>
  )
}

function AccountTable({ accounts, sandbox }: { accounts: readonly OperatorAccount[]; sandbox: boolean }) {
  return (
    <Panel className="py-2!">
      <Table
        label="Accounts"
        width="min-w-3xl"
        columns={[
          { name: 'Account' },
          { name: 'Plan' },
          { name: 'Balance', right: true },
          { name: 'Overage', right: true },
          { name: 'Owed', right: true },
          ...(sandbox ? [{ name: 'Clock' }] : []),
        ]}
        rows={accounts.map((account) => ({ key: account.id, cells: cellsOf(account, sandbox) }))}
      />
    </Panel>
  )
}

function cellsOf(account: OperatorAccount, sandbox: boolean): ReactNode[] {
  const { currency, credit_unit: credits } = account
  const amount = (value: string, unit = currency) => (unit ? <Money amount={value} unit={unit} /> : '–')
  const owes = readAmount(account.amount_due) > 0n
  return [
    <Link
      key="name"
      to="/operator/accounts/$customerId"
      params={{ customerId: account.id }}
      className="hover:underline"
    >
      {account.name}
    </Link>,
    <span key="plan" className="text-ink-2">
      {account.plan ?? 'none'}
    </span>,
    amount(account.balance, credits),
    amount(account.overage),
    <span key="owed" className={owes ? 'text-danger' : ''}>
      {amount(account.amount_due)}
    </span>,
    ...(sandbox ? [<ClockLink key="clock" account={account} />] : []),
  ]
}

function ClockLink({ account }: { account: OperatorAccount }) {
  return (
    <Link
      to="."
      search={(known: object) => ({ ...known, clock: account.id })}
      resetScroll={false}
      aria-label={`Move the clock of ${account.name}, now ${dateText(account.now)}`}
      className={buttonClass('quiet', 'figures -my-2 -ml-3.5')}
    >
      <Clock aria-hidden size={15} />
      {dateText(account.now)}
    </Link>
  )
}
