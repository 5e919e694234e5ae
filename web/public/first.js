/**
 * What cannot wait for the app, in a file of its own because inline scripts are refused: the chosen theme before the
 * first paint, and the first questions to the server while the app itself is still on its way (early.ts takes the answers).
 */
try {
  const theme = localStorage.getItem('theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage may be closed to this page; then the system's theme holds.
}

const account = /^\/a\/(account_[0-9a-f]{32})\//.exec(window.location.pathname)?.[1]
if (account) {
  const ask = (path) =>
    fetch(path, { headers: { 'drawdown-account': account } })
      .then((answer) => (answer.ok ? answer.json() : undefined))
      .catch(() => undefined)
  window.early = { me: ask('/v1/me'), [`${account} billing`]: ask('/v1/billing') }
}
