/** A link in the look of a button that saves a file of the account: a paper, an export. */
import { Download } from 'lucide-react'
import { fileAddress } from '../api.ts'
import { buttonClass } from '../ui/button.tsx'

export function FileLink({
  accountId,
  path,
  label,
  children,
}: {
  accountId: string
  path: string
  /** What it saves, for whoever does not see where it stands. */
  label: string
  children: string
}) {
  return (
    <a
      href={fileAddress(path, accountId)}
      download
      className={buttonClass('quiet')}
      aria-label={label}
      title={label}
    >
      <Download aria-hidden size={16} />
      {children}
    </a>
  )
}
