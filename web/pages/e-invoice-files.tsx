/**
 * The e-invoice of an invoice or a credit note, in both forms. What the norm asks for and is not known is told here, since a link that
 * fails would tell nobody.
 */
import { DrawdownProblem } from '@drawdown/client'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { FileCode, FileText } from 'lucide-react'
import { faultText, fileAddress } from '../api.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'

const forms = [
  { file: 'factur-x.pdf', name: 'Factur-X', icon: FileText, about: 'PDF with the e-invoice in it (ZUGFeRD)' },
  { file: 'ubl.xml', name: 'UBL', icon: FileCode, about: 'XML for your bookkeeping program' },
] as const

/** `path`: of the invoice or the credit note, `/v1/invoices/<id>`. */
export function EInvoiceFiles({ accountId, path, name }: { accountId: string; path: string; name: string }) {
  const save = useMutation({
    mutationFn: (file: string) => saveFile(fileAddress(`${path}/${file}`, accountId), `${name}-${file}`),
  })
  return (
    <section aria-label="E-invoice" className="mt-4 grid gap-3 print:hidden">
      <div className="flex flex-wrap items-center gap-2">
        <span className="mr-2 text-ink-2">E-invoice by EN 16931</span>
        {forms.map(({ file, name: form, icon: Icon, about }) => (
          <Button
            key={file}
            kind="quiet"
            title={about}
            icon={<Icon aria-hidden size={16} />}
            busy={save.isPending && save.variables === file}
            onClick={() => save.mutate(file)}
          >
            {form}
          </Button>
        ))}
      </div>
      {save.isError && (
        <Notice
          tone="danger"
          action={
            isIncomplete(save.error) ? (
              <Link
                to="/a/$accountId/billing"
                params={{ accountId }}
                search={{ dialog: 'details' }}
                className={buttonClass('plain', 'bg-surface')}
              >
                Billing details
              </Link>
            ) : undefined
          }
        >
          {faultText(save.error)}
        </Notice>
      )}
    </section>
  )
}

/** Something that the norm asks for is not known: the account's part of it is filled in with its billing details. */
function isIncomplete(fault: unknown): boolean {
  return fault instanceof DrawdownProblem && fault.type === '/problems/e_invoice_not_possible'
}

async function saveFile(address: string, name: string): Promise<void> {
  const answer = await fetch(address)
  if (!answer.ok) throw new DrawdownProblem(await answer.json(), answer.status)
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await answer.blob())
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
