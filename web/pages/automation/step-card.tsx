/** One step of an automation in the editor: what it does, what it costs, its settings, and its place in the order. */
import type { Billing, Operation } from '@drawdown/client'
import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react'
import { amountText, operationText, readAmount } from '../../format.ts'
import { IconButton } from '../../ui/button.tsx'
import { type Settings, SettingsForm } from './settings-form.tsx'
import { wordsOf } from './settings-schema.ts'

/** A step under edit; `key` stays with it when it moves. */
export type DraftStep = { key: number; operation: string; settings: Settings }

type StepCardProps = {
  step: DraftStep
  place: number
  count: number
  operation: Operation | undefined
  billing: Billing | undefined
  /** What is wrong with its settings, by their keys; under '' what concerns none alone. */
  faults: Readonly<Record<string, string>>
  /** Open from the start: the one just added. */
  open: boolean
  onChange: (settings: Settings) => void
  onMove: (by: -1 | 1) => void
  onRemove: () => void
}

export function StepCard(props: StepCardProps) {
  const { step, place, count, operation, billing, faults, open, onChange, onMove, onRemove } = props
  const name = operation?.name ?? operationText(step.operation)
  const set = settingsText(step.settings)
  const [fault] = Object.entries(faults)
  return (
    <li className="rounded-panel bg-surface">
      <details open={open} className="group">
        <summary className="flex list-none items-center gap-4 rounded-panel px-5 py-4 hover:bg-sunken [&::-webkit-details-marker]:hidden">
          <span className="figures grid size-6 shrink-0 place-items-center rounded-full bg-sunken text-fine text-ink-2 group-hover:bg-line">
            {place + 1}
          </span>
          <span className="min-w-0 flex-1">
            <span className="block font-medium">{name}</span>
            {fault ? (
              <span className="block text-danger">{faultWords(fault)}</span>
            ) : (
              <span className="block truncate text-ink-2">{set || operation?.description}</span>
            )}
          </span>
          <span className="shrink-0 text-ink-2">{priceText(step.operation, billing)}</span>
        </summary>
        <div className="grid gap-5 px-5 pt-2 pb-5">
          {set && <p className="text-ink-2">{operation?.description}</p>}
          {operation && (
            <SettingsForm
              operation={operation}
              settings={step.settings}
              faults={faults}
              onChange={onChange}
            />
          )}
          <div className="-ml-2 flex gap-1">
            <IconButton label={`Move ${name} up`} disabled={place === 0} onClick={() => onMove(-1)}>
              <ArrowUp aria-hidden size={16} />
            </IconButton>
            <IconButton label={`Move ${name} down`} disabled={place === count - 1} onClick={() => onMove(1)}>
              <ArrowDown aria-hidden size={16} />
            </IconButton>
            <IconButton label={`Remove ${name}`} onClick={onRemove}>
              <Trash2 aria-hidden size={16} />
            </IconButton>
          </div>
        </div>
      </details>
    </li>
  )
}

function faultWords([key, message]: [string, string]): string {
  return key === '' ? message : `${wordsOf(key)}: ${message}`
}

/** "width 2000 · height 2000": what was set, in a line. */
function settingsText(settings: Settings): string {
  return Object.entries(settings)
    .map(([key, value]) => {
      const name = wordsOf(key).toLowerCase()
      if (value === true) return name
      if (value === false) return `not ${name}`
      return typeof value === 'object' ? name : `${name} ${String(value).replaceAll('_', ' ')}`
    })
    .join(' · ')
}

function priceText(operation: string, billing: Billing | undefined): string {
  if (!billing?.credit_unit) return ''
  const price = billing.prices.find((each) => each.operation === operation)
  if (!price) return 'not in your plan'
  return readAmount(price.unit_price) === 0n ? 'free' : amountText(price.unit_price, billing.credit_unit)
}
