/**
 * The frame of every page of a signed-in person: where one can go, whose account it is, and what is left of its
 * balance, which ticks while a run draws from it.
 *
 * Wide screens have the navigation at the side; narrow ones behind a button at the top.
 */
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useLocation, useMatchRoute, useParams } from '@tanstack/react-router'
import { Menu as MenuIcon, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { readAmount, shareOf } from '../format.ts'
import { billingQuery, meQuery } from '../queries.ts'
import { IconButton } from '../ui/button.tsx'
import { LevelMark } from '../ui/level.tsx'
import { TickingMoney } from '../ui/money.tsx'
import { rememberAccount } from './last-account.ts'
import { ModelsNotice } from './models-notice.tsx'
import { Navigation } from './navigation.tsx'

export function Frame() {
  const { accountId: inPath } = useParams({ strict: false })
  const me = useQuery(meQuery())
  const { pathname } = useLocation()
  // The page it was opened on: going to another one closes it.
  const [menuOn, setMenuOn] = useState<string>()
  const accountId = inPath ?? me.data?.accounts[0]?.id
  useEffect(() => {
    if (inPath) rememberAccount(inPath)
  }, [inPath])
  return (
    <div className="lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only z-50 rounded-control bg-ink px-4 py-2 text-canvas focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the page
      </a>
      <div className="sticky top-0 hidden h-dvh overflow-y-auto p-4 lg:block print:hidden">
        <Navigation accountId={accountId} />
      </div>
      <div className="min-w-0">
        <header className="sticky top-0 z-20 bg-canvas/90 px-4 backdrop-blur-sm sm:px-8 print:hidden">
          <div className="mx-auto flex h-14 max-w-272 items-center justify-between gap-3">
            <IconButton
              label="Open navigation"
              className="-ml-2 lg:invisible"
              onClick={() => setMenuOn(pathname)}
            >
              <MenuIcon aria-hidden size={20} />
            </IconButton>
            {inPath && <BalanceChip accountId={inPath} />}
          </div>
        </header>
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto max-w-6xl px-4 pt-2 pb-24 sm:px-8 print:max-w-none print:p-0"
        >
          <ModelsNotice />
          <Outlet />
        </main>
      </div>
      {menuOn === pathname && <Drawer accountId={accountId} onClose={() => setMenuOn(undefined)} />}
    </div>
  )
}

/** What is left, on every page. A link to where it is explained. */
function BalanceChip({ accountId }: { accountId: string }) {
  const { data: billing } = useQuery(billingQuery(accountId))
  const matches = useMatchRoute()
  if (!billing?.credit_unit || !billing.currency) return null
  const share = shareOf(readAmount(billing.balance), readAmount(billing.credits_included))
  const overage = readAmount(billing.overage)
  return (
    <Link
      to="/a/$accountId/billing"
      params={{ accountId }}
      className="-mr-2.5 flex min-h-9 items-center gap-2 rounded-control px-2.5 hover:bg-sunken"
      aria-current={matches({ to: '/a/$accountId/billing' }) ? 'page' : undefined}
    >
      <LevelMark share={share} />
      <span className="figures">
        <TickingMoney amount={billing.balance} unit={billing.credit_unit} className="font-semibold" />
        <span className="text-ink-2"> left</span>
        {overage > 0n && (
          <span className="text-ink-2">
            <span className="max-sm:hidden"> · </span>
            <span className="max-sm:block max-sm:text-right max-sm:text-fine">
              <TickingMoney amount={overage} unit={billing.currency} /> overage
            </span>
          </span>
        )}
      </span>
    </Link>
  )
}

function showModal(dialog: HTMLDialogElement | null) {
  if (!dialog) return
  if (!dialog.open) dialog.showModal()
  return () => dialog.close()
}

/** The navigation on narrow screens: slides over the page and goes once something was chosen. */
function Drawer({ accountId, onClose }: { accountId: string | undefined; onClose: () => void }) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard closes it with Escape, which the dialog handles
    <dialog
      ref={showModal}
      aria-label="Navigation"
      onCancel={onClose}
      onClick={(event) => {
        const onLink = event.target instanceof Element && event.target.closest('a')
        if (onLink || event.target === event.currentTarget) onClose()
      }}
      className="m-0 h-dvh max-h-none w-72 max-w-[85vw] bg-canvas p-4 shadow-float"
    >
      <IconButton label="Close navigation" onClick={onClose} className="absolute top-3 right-3">
        <X aria-hidden size={18} />
      </IconButton>
      <Navigation accountId={accountId} />
    </dialog>
  )
}
