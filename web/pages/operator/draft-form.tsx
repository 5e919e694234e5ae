/** The fields of a draft. What is wrong stands beside its field as somebody types; what the credits buy, beside the prices. */
import { Plus, X } from 'lucide-react'
import { availableByOperation } from '../../../billing/mix.ts'
import type { PlanRefused } from '../../../billing/plan.ts'
import { countText, operationText } from '../../format.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { inputClass, TextField } from '../../ui/field.tsx'
import { Panel, Section } from '../../ui/panel.tsx'
import { type Draft, type DraftPrice, faultOf, termsOf } from './draft.ts'

type FormProps = {
  draft: Draft
  isNew: boolean
  refused: PlanRefused | null
  onChange: (draft: Draft) => void
}

/** Fields that are texts of the draft, and the field of billing's draft that a refusal names. */
type TextName =
  | 'code'
  | 'name'
  | 'currency'
  | 'creditUnit'
  | 'creditPrice'
  | 'listPrice'
  | 'discount'
  | 'credits'

export function DraftForm({ draft, isNew, refused, onChange }: FormProps) {
  const faultIn = (name: PlanRefused['field'], isEmpty: boolean) =>
    // What is not filled in yet is no fault that somebody has to be told of.
    refused?.field === name && refused.operation === undefined && !isEmpty ? faultOf(refused) : undefined
  const text = (name: TextName, label: string, hint?: string) => (
    <TextField
      label={label}
      hint={hint}
      value={draft[name]}
      fault={faultIn(name, draft[name] === '')}
      onChange={({ target }) => onChange({ ...draft, [name]: target.value })}
      autoComplete="off"
      spellCheck={false}
    />
  )
  const isMoney = draft.creditUnit === draft.currency
  return (
    <div className="grid gap-10">
      <Section title="Terms" hint={draft.trial && trialText(draft.trial)}>
        <Panel className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
          {isNew && text('name', 'Name')}
          {isNew && text('code', 'Code', 'In the API and the command line; never changes.')}
          {isNew && text('currency', 'Currency')}
          {isNew && text('creditUnit', 'Credit unit', 'The currency itself, or a word such as "credits".')}
          {text('listPrice', `List price a month, ${draft.currency}`)}
          {text('discount', `Discount, ${draft.currency}`, 'May be left out.')}
          {text('credits', `Credits a month, ${draft.creditUnit}`)}
          {!isMoney && text('creditPrice', `A credit in overage, ${draft.currency}`)}
          <TextField
            label="Unused credits roll over for"
            hint="Periods; empty: they expire."
            inputMode="numeric"
            value={draft.rolloverPeriods}
            fault={faultIn('rollover', draft.rolloverPeriods === '')}
            onChange={({ target }) =>
              onChange({ ...draft, rolloverPeriods: target.value.replaceAll(/\D/g, '').slice(0, 3) })
            }
          />
          {draft.rolloverPeriods !== '' && (
            <TextField
              label={`At most, ${draft.creditUnit}`}
              hint="Empty: all of them."
              value={draft.rolloverCap}
              onChange={({ target }) => onChange({ ...draft, rolloverCap: target.value })}
            />
          )}
        </Panel>
      </Section>
      <Prices draft={draft} refused={refused} onChange={onChange} />
    </div>
  )
}

const trialText = ({ days, successor }: NonNullable<Draft['trial']>) =>
  `A trial of ${days} days, followed by ${successor}.`

function Prices({ draft, refused, onChange }: Omit<FormProps, 'isNew'>) {
  const checked = termsOf(draft)
  const buys = checked.ok ? availableByOperation(checked.terms.credits, checked.terms.prices) : null
  const put = (index: number, price: DraftPrice) =>
    onChange({ ...draft, prices: draft.prices.with(index, price) })
  return (
    <Section title="Prices" hint="A unit price of 0 is free. An operation that is not here is not offered.">
      <Panel>
        <ul className="grid gap-3">
          {draft.prices.map((price, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row has no name of its own while it is written
            <li key={index}>
              <PriceRow
                price={price}
                draft={draft}
                number={index + 1}
                fault={refused && refused.operation === price.operation ? faultOf(refused) : null}
                buys={buys?.get(price.operation)}
                onChange={(changed) => put(index, changed)}
                onRemove={() => onChange({ ...draft, prices: draft.prices.toSpliced(index, 1) })}
              />
            </li>
          ))}
        </ul>
        <Button
          className="mt-4"
          icon={<Plus aria-hidden size={16} />}
          onClick={() =>
            onChange({
              ...draft,
              prices: [...draft.prices, { operation: '', unitPrice: '', overageUnitPrice: '' }],
            })
          }
        >
          Add an operation
        </Button>
      </Panel>
    </Section>
  )
}

type PriceRowProps = {
  price: DraftPrice
  draft: Draft
  number: number
  fault: string | null
  /** How many the credits buy; null free; undefined where it cannot be said. */
  buys: bigint | null | undefined
  onChange: (price: DraftPrice) => void
  onRemove: () => void
}

function PriceRow({ price, draft, number, fault, buys, onChange, onRemove }: PriceRowProps) {
  const named = price.operation || `operation ${number}`
  const field = (name: keyof DraftPrice, label: string, placeholder = '') => (
    <label className="grid gap-1">
      <span className="text-fine text-ink-2">
        {label}
        <span className="sr-only"> of {named}</span>
      </span>
      <input
        value={price[name]}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={fault ? true : undefined}
        onChange={({ target }) => onChange({ ...price, [name]: target.value })}
        className={`${inputClass} figures`}
      />
    </label>
  )
  return (
    <div className="border-b border-line pb-3">
      <div className="grid grid-cols-[1fr_1fr_auto] items-end gap-3 sm:grid-cols-[minmax(0,2fr)_1fr_1fr_auto]">
        <div className="max-sm:order-first max-sm:col-span-2">
          {field('operation', 'Operation', 'smart_crop')}
        </div>
        {field('unitPrice', `Price, ${draft.creditUnit}`)}
        {field('overageUnitPrice', `In overage, ${draft.currency}`, 'as the price')}
        <IconButton
          label={`Remove ${named}`}
          onClick={onRemove}
          className="max-sm:order-first max-sm:col-start-3"
        >
          <X aria-hidden size={16} />
        </IconButton>
      </div>
      <p className={`mt-1 min-h-4 text-fine ${fault ? 'text-danger' : 'text-ink-3'}`}>
        {fault ?? buysText(price.operation, buys)}
      </p>
    </div>
  )
}

/** "Smart crop: the credits buy 250." */
function buysText(operation: string, buys: PriceRowProps['buys']): string {
  if (buys === undefined) return ''
  const name = operationText(operation)
  return buys === null ? `${name}: free.` : `${name}: the credits buy ${countText(buys)}.`
}
