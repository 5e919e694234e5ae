/** What a run cost, down to the photo and the step. Prints as it stands. */
import type { Receipt } from '@drawdown/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Printer } from 'lucide-react'
import { useState } from 'react'
import { faultText } from '../api.ts'
import { amountText, countOf, countText, momentText, operationText, readAmount } from '../format.ts'
import { receiptQuery } from '../queries.ts'
import { Button } from '../ui/button.tsx'
import { Money } from '../ui/money.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader, Panel } from '../ui/panel.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { FileLink } from './file-link.tsx'

const route = getRouteApi('/inside/a/$accountId/runs/$runId/receipt')

export function ReceiptPage() {
  const { accountId, runId } = route.useParams()
  const receipt = useQuery(receiptQuery(accountId, runId))
  return (
    <div className="mx-auto max-w-3xl print:max-w-none">
      <PageHeader
        above={
          <Link to="/a/$accountId/runs/$runId" params={{ accountId, runId }} className="hover:text-ink">
            {receipt.data?.run.name ?? 'Run'}
          </Link>
        }
        title="Receipt"
        name={receipt.data ? `Receipt of ${receipt.data.run.name}` : 'Receipt'}
        actions={
          <>
            <FileLink
              accountId={accountId}
              path={`/v1/runs/${runId}/receipt.pdf`}
              label="Download the receipt as PDF"
            >
              PDF
            </FileLink>
            <Button icon={<Printer aria-hidden size={16} />} onClick={() => window.print()}>
              Print
            </Button>
          </>
        }
      />
      {receipt.isPending && <Skeleton className="h-[40rem]" />}
      {receipt.isError && <Notice tone="danger">{faultText(receipt.error)}</Notice>}
      {receipt.data && <Sheet receipt={receipt.data} />}
    </div>
  )
}

const heads =
  'text-ink-2 [&>th]:py-2 [&>th]:font-normal [&>th:not(:first-child)]:pl-4 [&>th:not(:first-child)]:text-right'
const cells = 'border-t border-line align-top [&>td]:py-2 [&>td]:pl-4 [&>td]:text-right'

function Sheet({ receipt }: { receipt: Receipt }) {
  const { run, credit_unit: unit, currency } = receipt
  return (
    <Panel className="grid gap-8 sm:p-10 print:p-0">
      <header className="flex flex-wrap justify-between gap-4">
        <div>
          <p className="subheading">{run.name}</p>
          <p className="text-ink-2">
            {receipt.automation.name === run.name ? '' : `${receipt.automation.name}: `}
            {receipt.automation.steps.map(({ operation }) => operationText(operation)).join(' → ')}
          </p>
        </div>
        <p className="text-ink-2 sm:text-right">
          {momentText(run.created_at)}
          <br />
          Plan {receipt.plan.name}
        </p>
      </header>
      <div className="overflow-x-auto">
        <table className="w-full text-left">
          <caption className="sr-only">Operations</caption>
          <thead>
            <tr className={heads}>
              <th scope="col">Operation</th>
              <th scope="col">Charged</th>
              <th scope="col">Unit price</th>
              <th scope="col">Cost</th>
            </tr>
          </thead>
          <tbody className="figures">
            {receipt.operations.map((row) => (
              <tr key={row.operation} className={cells}>
                <th scope="row" className="py-2 font-medium whitespace-normal">
                  {row.name}
                  {row.already_paid > 0 && (
                    <span className="block text-fine font-normal text-ink-3">
                      {countText(row.already_paid)} already paid for
                    </span>
                  )}
                </th>
                <td>{countText(row.charged)}</td>
                <td>
                  {readAmount(row.unit_price) === 0n ? 'free' : <Money amount={row.unit_price} unit={unit} />}
                </td>
                <td>
                  <Money amount={row.cost} unit={unit} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <dl className="keep-together ml-auto grid w-full max-w-72 gap-1.5">
        <Total name="Cost" value={amountText(receipt.cost, unit)} strong />
        <Total name="From credits" value={amountText(receipt.from_credits, unit)} />
        <Total name="Overage" value={amountText(receipt.overage, currency)} />
      </dl>
      <Photos receipt={receipt} />
    </Panel>
  )
}

function Total({ name, value, strong = false }: { name: string; value: string; strong?: boolean }) {
  return (
    <div className={`flex justify-between gap-4 ${strong ? 'subheading' : 'text-ink-2'}`}>
      <dt>{name}</dt>
      <dd className="figures">{value}</dd>
    </div>
  )
}

const AT_FIRST = 100

function Photos({ receipt }: { receipt: Receipt }) {
  const [all, setAll] = useState(false)
  const shown = all ? receipt.images : receipt.images.slice(0, AT_FIRST)
  return (
    <section>
      <h2 className="subheading mb-2">{countOf(receipt.images.length, 'photo')}</h2>
      <table className="w-full text-left">
        <caption className="sr-only">Photos</caption>
        <thead>
          <tr className={heads}>
            <th scope="col">Photo and steps</th>
            <th scope="col">Overage</th>
            <th scope="col">Cost</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((image) => (
            <PhotoRow key={image.item_id} image={image} receipt={receipt} />
          ))}
        </tbody>
      </table>
      {shown.length < receipt.images.length && (
        <Button className="mt-4 print:hidden" onClick={() => setAll(true)}>
          Show all {countText(receipt.images.length)}
        </Button>
      )}
    </section>
  )
}

function PhotoRow({ image, receipt }: { image: Receipt['images'][number]; receipt: Receipt }) {
  const { credit_unit: unit, currency } = receipt
  const paid = image.steps.filter((step) => step.already_paid || readAmount(step.cost) > 0n)
  return (
    <tr className={cells}>
      <th scope="row" className="py-2 font-normal">
        <span className="font-medium break-all">{image.name}</span>
        <span className="block text-fine text-ink-3">
          {image.failure ??
            (paid.length === 0
              ? image.status
              : paid
                  .map(
                    (step) =>
                      `${operationText(step.operation)} ${step.already_paid ? 'already paid for' : amountText(step.cost, unit)}`,
                  )
                  .join(' · '))}
        </span>
      </th>
      <td className="text-ink-2">
        <Money amount={image.overage} unit={currency} />
      </td>
      <td>
        <Money amount={image.cost} unit={unit} />
      </td>
    </tr>
  )
}
