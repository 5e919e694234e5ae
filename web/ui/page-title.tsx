/** What the browser calls this page: in its tab, its history, and to who cannot see it. */
export function PageTitle({ children }: { children: string }) {
  return <title>{`${children} · Drawdown`}</title>
}
