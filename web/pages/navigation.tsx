/** Where one can go: the account's pages, the operator's, the documents; and who is signed in, with the theme. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import {
  BookOpen,
  ChartColumn,
  ChevronsUpDown,
  CreditCard,
  FolderSync,
  HandCoins,
  Images,
  KeyRound,
  LogOut,
  type LucideIcon,
  Mail,
  Play,
  Plus,
  Server,
  ShieldCheck,
  Store,
  Tags,
  Users,
  Webhook,
  Workflow,
} from 'lucide-react'
import { useState } from 'react'
import { apiOf } from '../api.ts'
import { meQuery } from '../queries.ts'
import { buttonClass } from '../ui/button.tsx'
import { LevelMark } from '../ui/level.tsx'
import { Menu, MenuChoice, MenuItem, MenuLine, MenuNote } from '../ui/menu.tsx'
import { chooseTheme, chosenTheme, type Theme } from '../ui/theme.ts'

const linkClass =
  'flex min-h-9 pointer-coarse:min-h-11 items-center gap-2.5 rounded-control px-2.5 text-ink-2 hover:bg-sunken hover:text-ink aria-[current=page]:bg-sunken aria-[current=page]:font-medium aria-[current=page]:text-ink'

const accountPages = [
  { to: '/a/$accountId/billing', name: 'Billing', icon: CreditCard },
  { to: '/a/$accountId/runs', name: 'Runs', icon: Images },
  { to: '/a/$accountId/automations', name: 'Automations', icon: Workflow },
  { to: '/a/$accountId/hot-folders', name: 'Hot folders', icon: FolderSync },
  { to: '/a/$accountId/members', name: 'Members', icon: Users },
  { to: '/a/$accountId/api-keys', name: 'API keys', icon: KeyRound },
  { to: '/a/$accountId/webhooks', name: 'Webhooks', icon: Webhook },
] as const satisfies readonly { to: string; name: string; icon: LucideIcon }[]

const operatorPages = [
  { to: '/operator', name: 'Accounts', icon: Server },
  { to: '/operator/plans', name: 'Plans and prices', icon: Tags },
  { to: '/operator/money', name: 'Money', icon: ChartColumn },
  { to: '/operator/unpaid', name: 'Unpaid', icon: HandCoins },
  { to: '/operator/books', name: 'Books and health', icon: ShieldCheck },
  { to: '/operator/seller', name: 'Seller', icon: Store },
  { to: '/operator/mails', name: 'Mail', icon: Mail },
] as const satisfies readonly { to: string; name: string; icon: LucideIcon }[]

export function Navigation({ accountId }: { accountId: string | undefined }) {
  const me = useQuery(meQuery())
  return (
    <nav aria-label="Main" className="flex min-h-full flex-col gap-6">
      <div className="flex h-9 items-center gap-2 px-2.5">
        <LevelMark share={0.55} size={20} />
        <span className="text-lead font-semibold tracking-tight">Drawdown</span>
      </div>
      {accountId && (
        <div className="grid gap-2">
          <AccountMenu accountId={accountId} />
          <Link to="/a/$accountId/run" params={{ accountId }} className={buttonClass('primary', 'my-2')}>
            <Play aria-hidden size={15} />
            Run photos
          </Link>
          <ul className="grid gap-0.5">
            {accountPages.map(({ to, name, icon: Icon }) => (
              <li key={to}>
                <Link
                  to={to}
                  params={{ accountId }}
                  className={linkClass}
                  activeOptions={{ includeSearch: false }}
                >
                  <Icon aria-hidden size={16} />
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      )}
      {!accountId && me.data && (
        <Link to="/new-account" className={buttonClass('primary')}>
          <Plus aria-hidden size={16} />
          Create your account
        </Link>
      )}
      {me.data?.operator && <OperatorPages sandbox={me.data.sandbox} />}
      <div className="mt-auto grid gap-0.5">
        <a href="/docs" className={linkClass}>
          <BookOpen aria-hidden size={16} />
          API documents
        </a>
        <PersonMenu accountId={accountId} />
      </div>
    </nav>
  )
}

function OperatorPages({ sandbox }: { sandbox: boolean }) {
  return (
    <div>
      <p className="px-2.5 pb-1 text-fine text-ink-3">Operator</p>
      {operatorPages.map(({ to, name, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          className={linkClass}
          activeOptions={{ includeSearch: false, exact: to === '/operator' }}
        >
          <Icon aria-hidden size={16} />
          {to === '/operator' && sandbox ? 'Accounts and clock' : name}
        </Link>
      ))}
    </div>
  )
}

function AccountMenu({ accountId }: { accountId: string }) {
  const me = useQuery(meQuery())
  const navigate = useNavigate()
  const accounts = me.data?.accounts ?? []
  const account = accounts.find(({ id }) => id === accountId)
  return (
    <Menu
      label={`Account: ${account?.name ?? 'none'}`}
      triggerClass="flex min-h-10 w-full items-center justify-between gap-2 rounded-control bg-surface px-3 text-left font-medium hover:bg-sunken"
      trigger={
        <>
          <span className="truncate">{account?.name ?? ' '}</span>
          <ChevronsUpDown aria-hidden size={15} className="shrink-0 text-ink-3" />
        </>
      }
    >
      <MenuChoice
        label="Accounts"
        value={accountId}
        options={accounts.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(id) => navigate({ to: '/a/$accountId/billing', params: { accountId: id } })}
      />
      <MenuLine />
      <MenuItem icon={<Plus aria-hidden size={16} />} onSelect={() => navigate({ to: '/new-account' })}>
        New account
      </MenuItem>
    </Menu>
  )
}

const themes = [
  { value: 'system', label: 'Like the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]

function PersonMenu({ accountId }: { accountId: string | undefined }) {
  const me = useQuery(meQuery())
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [theme, setTheme] = useState<Theme>(chosenTheme)
  const person = me.data?.user
  const leave = async () => {
    await apiOf('').signOut()
    queryClient.clear()
    await navigate({ to: '/sign-in' })
  }
  return (
    <Menu
      triggerClass={`${linkClass} w-full text-left`}
      trigger={
        <>
          <span
            aria-hidden
            className="-ml-0.5 grid size-5 place-items-center rounded-full bg-accent-tint text-fine font-semibold text-accent"
          >
            {person?.name.slice(0, 1).toUpperCase()}
          </span>
          <span className="truncate">{person?.name ?? ' '}</span>
        </>
      }
    >
      {person && <MenuNote>{person.email}</MenuNote>}
      <MenuChoice
        label="Theme"
        value={theme}
        options={themes}
        onChange={(value) => {
          chooseTheme(value as Theme)
          setTheme(value as Theme)
        }}
      />
      <MenuLine />
      {accountId && (
        <MenuItem
          icon={<Mail aria-hidden size={16} />}
          onSelect={() => navigate({ to: '/a/$accountId/mail', params: { accountId } })}
        >
          Mail to me
        </MenuItem>
      )}
      <MenuItem icon={<LogOut aria-hidden size={16} />} onSelect={leave}>
        Sign out
      </MenuItem>
    </Menu>
  )
}
