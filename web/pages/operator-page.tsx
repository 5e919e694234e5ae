/** The operator's view: all accounts with their balances and debts, and in a sandbox the clock of each. */
import type { OperatorAccount } from '@drawdown/client'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Clock } from 'lucide-react'
import { useState } from 'react'
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
    <Panel className="overflow-x-auto py-2!">
      <table className="w-full min-w-3xl text-left">
        <caption className="sr-only">Accounts</caption>
        <thead className="text-ink-2">
          <tr className="[&>th]:py-2.5 [&>th]:font-normal">
            <th scope="col">Account</th>
            <th scope="col">Plan</th>
            <th scope="col" className="text-right">
              Balance
            </th>
            <th scope="col" className="text-right">
              Overage
            </th>
            <th scope="col" className="text-right">
              Owed
            </th>
            {sandbox && (
              <th scope="col" className="pl-8">
                Clock
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {accounts.map((account) => (
            <AccountRow key={account.id} account={account} sandbox={sandbox} />
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

function AccountRow({ account, sandbox }: { account: OperatorAccount; sandbox: boolean }) {
  const { currency, credit_unit: credits } = account
  const amount = (value: string, unit = currency) => (unit ? <Money amount={value} unit={unit} /> : '–')
  const owes = readAmount(account.amount_due) > 0n
  return (
    <tr className="border-t border-line [&>td]:py-2.5">
      <th scope="row" className="py-2.5 pr-4 font-medium">
        <Link
          to="/operator/accounts/$customerId"
          params={{ customerId: account.id }}
          className="hover:underline"
        >
          {account.name}
        </Link>
      </th>
      <td className="text-ink-2">{account.plan ?? 'none'}</td>
      <td className="text-right">{amount(account.balance, credits)}</td>
      <td className="text-right">{amount(account.overage)}</td>
      <td className={`text-right ${owes ? 'text-danger' : ''}`}>{amount(account.amount_due)}</td>
      {sandbox && (
        <td className="pl-8 whitespace-nowrap">
          <Link
            to="."
            search={(known: object) => ({ ...known, clock: account.id })}
            resetScroll={false}
            aria-label={`Move the clock of ${account.name}, now ${dateText(account.now)}`}
            className={buttonClass('quiet', 'figures -ml-3.5')}
          >
            <Clock aria-hidden size={15} />
            {dateText(account.now)}
          </Link>
        </td>
      )}
    </tr>
  )
}
