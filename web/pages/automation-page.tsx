/** Making and changing an automation: its name and its steps, with what they make of a photo and its price beside them. */
import type { Automation, Billing, Operation } from '@drawdown/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { apiOf, faultText, fieldFaults } from '../api.ts'
import { amountText, readAmount } from '../format.ts'
import { automationQuery, automationsQuery, billingQuery, operationsQuery } from '../queries.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { TextField } from '../ui/field.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/panel.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { tell } from '../ui/toast.tsx'
import { type Preset, PresetPicker } from './automation/preset-picker.tsx'
import { PreviewPanel } from './automation/preview-panel.tsx'
import { startingSettings } from './automation/settings-schema.ts'
import { type DraftStep, StepCard } from './automation/step-card.tsx'
import { Reach } from './automations-page.tsx'
import { useReserved } from './reserved.ts'

const newRoute = getRouteApi('/inside/a/$accountId/automations/new')
const route = getRouteApi('/inside/a/$accountId/automations/$automationId')

/** Where a new automation starts: what most shops ask of a product photo. */
const startingPoint: Pick<Automation, 'name' | 'steps'> = {
  name: 'Marketplace square',
  steps: [
    { operation: 'remove_background' },
    { operation: 'smart_crop', settings: { width: 2000, height: 2000 } },
    { operation: 'background', settings: {} },
    { operation: 'convert', settings: { format: 'jpeg' } },
  ],
}

export function NewAutomationPage() {
  const { accountId } = newRoute.useParams()
  const { sample } = newRoute.useSearch()
  const navigate = newRoute.useNavigate()
  const operations = useQuery(operationsQuery())
  const others = useQuery(automationsQuery(accountId))
  const reserved = useReserved(accountId, 'work')
  if (reserved) return <Notice>{reserved}: make an automation.</Notice>
  const fault = operations.error ?? others.error
  if (fault) return <Notice tone="danger">{faultText(fault)}</Notice>
  if (!operations.data || !others.data) return <SkeletonRows rows={4} className="h-16" />
  return (
    <Editor
      accountId={accountId}
      automation={{ ...startingPoint, name: freeName(startingPoint.name, others.data.data) }}
      operations={operations.data.data}
      sample={sample}
      onSample={(imageId) => navigate({ search: { sample: imageId }, replace: true, resetScroll: false })}
    />
  )
}

/** "Marketplace square 2" where that name is taken: two of one name could not be told apart. */
function freeName(name: string, others: readonly { name: string }[]): string {
  const taken = new Set(others.map((other) => other.name))
  let number = 1
  while (taken.has(number === 1 ? name : `${name} ${number}`)) number++
  return number === 1 ? name : `${name} ${number}`
}

export function AutomationPage() {
  const { accountId, automationId } = route.useParams()
  const { sample } = route.useSearch()
  const navigate = route.useNavigate()
  const automation = useQuery(automationQuery(accountId, automationId))
  const operations = useQuery(operationsQuery())
  const fault = automation.error ?? operations.error
  if (fault) return <Notice tone="danger">{faultText(fault)}</Notice>
  if (!automation.data || !operations.data) return <SkeletonRows rows={4} className="h-16" />
  return (
    <Editor
      key={automation.data.updated_at}
      accountId={accountId}
      automation={automation.data}
      operations={operations.data.data}
      sample={sample}
      onSample={(imageId) => navigate({ search: { sample: imageId }, replace: true, resetScroll: false })}
    />
  )
}

type EditorProps = {
  accountId: string
  /** One that is saved has an id. */
  automation: Pick<Automation, 'name' | 'steps'> & { id?: string }
  operations: readonly Operation[]
  /** The photo of the preview. */
  sample: string | undefined
  onSample: (imageId: string) => void
}

let lastKey = 0
const draftOf = (step: Automation['steps'][number]): DraftStep => ({
  key: ++lastKey,
  operation: step.operation,
  settings: step.settings ?? {},
})

function EditorHeader({ accountId, automation }: Pick<EditorProps, 'accountId' | 'automation'>) {
  const reserved = useReserved(accountId, 'work')
  return (
    <PageHeader
      above={
        <Link to="/a/$accountId/automations" params={{ accountId }} className="hover:text-ink">
          Automations
        </Link>
      }
      title={automation.id ? automation.name : 'New automation'}
      actions={
        automation.id &&
        !reserved && <DeleteButton accountId={accountId} id={automation.id} name={automation.name} />
      }
    />
  )
}

function Editor({ accountId, automation, operations, sample, onSample }: EditorProps) {
  const { data: billing } = useQuery(billingQuery(accountId))
  const { data: others } = useQuery(automationsQuery(accountId))
  const reserved = useReserved(accountId, 'work')
  const [name, setName] = useState(automation.name)
  const [first, setFirst] = useState(() => automation.steps.map(draftOf))
  const [steps, setSteps] = useState(first)
  const [added, setAdded] = useState<number>()
  const save = useSave(accountId, automation.id)
  const [fault, setFault] = useState<unknown>(null)
  const faults = fieldFaults(fault ?? save.error)
  const send = () =>
    save.mutate({ name, steps: steps.map(({ operation, settings }) => ({ operation, settings })) })
  const add = (operation: string) => {
    const schema = operations.find(({ code }) => code === operation)?.settings_schema ?? {}
    const step = draftOf({ operation, settings: startingSettings(schema) })
    setAdded(step.key)
    setSteps([...steps, step])
  }
  const takePreset = (preset: Preset) => {
    const replaced = preset.steps.map(draftOf)
    setFirst(replaced)
    setSteps(replaced)
    if (!automation.id) setName(freeName(preset.name, others?.data ?? []))
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <EditorHeader accountId={accountId} automation={automation} />
      <div className="grid grid-cols-1 items-start gap-x-8 gap-y-8 lg:grid-cols-[minmax(0,1fr)_minmax(20rem,27rem)]">
        <fieldset disabled={reserved !== undefined} className="grid min-w-0 grid-cols-1 gap-6">
          <legend className="sr-only">Name and steps</legend>
          <TextField
            label="Name"
            value={name}
            required
            maxLength={200}
            onChange={(event) => setName(event.target.value)}
            className="max-w-md"
          />
          <div>
            <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
              <h2 className="font-medium">Steps, from first to last</h2>
              {!reserved && <PresetPicker changed={steps !== first} onPick={takePreset} />}
            </div>
            <ol className="grid grid-cols-1 gap-2">
              {steps.map((step, place) => (
                <StepCard
                  key={step.key}
                  step={step}
                  place={place}
                  count={steps.length}
                  open={step.key === added}
                  operation={operations.find(({ code }) => code === step.operation)}
                  billing={billing}
                  faults={faultsOfStep(faults, place)}
                  onChange={(settings) => setSteps(steps.with(place, { ...step, settings }))}
                  onMove={(by) => setSteps(moved(steps, place, by))}
                  onRemove={() => setSteps(steps.toSpliced(place, 1))}
                />
              ))}
            </ol>
            {!reserved && <AddStep operations={operations} billing={billing} onAdd={add} />}
          </div>
        </fieldset>
        <div className="grid min-w-0 grid-cols-1 gap-6 lg:sticky lg:top-16">
          {!reserved && (
            <PreviewPanel
              accountId={accountId}
              steps={steps}
              sample={sample}
              onSample={onSample}
              onFault={setFault}
            />
          )}
          <PricePanel
            accountId={accountId}
            steps={steps}
            billing={billing}
            save={save}
            faulty={Object.keys(fieldFaults(fault)).length > 0}
          />
        </div>
      </div>
    </form>
  )
}

type PricePanelProps = {
  accountId: string
  steps: DraftStep[]
  billing: Billing | undefined
  save: ReturnType<typeof useSave>
  /** The steps cannot be saved as they are. */
  faulty: boolean
}

/** What a photo costs, and saving, for those who may. */
function PricePanel({ accountId, steps, billing, save, faulty }: PricePanelProps) {
  const reserved = useReserved(accountId, 'work')
  return (
    <section aria-labelledby="price" className="rounded-panel bg-surface p-6 max-sm:p-4">
      <h2 id="price" className="subheading">
        Price
      </h2>
      <p className="mt-1 min-h-11 text-ink-2" aria-live="polite">
        {billing && <Reach automation={{ steps }} billing={billing} />}
      </p>
      {reserved ? (
        <p className="mt-4 text-ink-2">{reserved}: change it.</p>
      ) : (
        <>
          <Button
            type="submit"
            kind="primary"
            className="mt-4 w-full"
            busy={save.isPending}
            disabledReason={
              steps.length === 0 ? 'Add a step first' : faulty ? 'Correct the step in red first' : undefined
            }
          >
            Save automation
          </Button>
          <p className="mt-3 text-fine text-ink-3">
            Saving costs nothing. Runs under way keep the steps they began with.
          </p>
        </>
      )}
      {save.isError && (
        <Notice tone="danger" className="mt-4">
          {faultText(save.error)}
        </Notice>
      )}
    </section>
  )
}

/** What the server says of the settings of one step, by their keys. */
function faultsOfStep(faults: Record<string, string>, place: number): Record<string, string> {
  const path = `steps[${place}].settings`
  return Object.fromEntries(
    Object.entries(faults)
      .filter(([field]) => field === path || field.startsWith(`${path}.`))
      .map(([field, message]) => [field.slice(path.length + 1), message]),
  )
}

function moved(steps: DraftStep[], place: number, by: -1 | 1): DraftStep[] {
  const step = steps[place]
  return step ? steps.toSpliced(place, 1).toSpliced(place + by, 0, step) : steps
}

function useSave(accountId: string, id: string | undefined) {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: (body: Pick<Automation, 'name' | 'steps'>) =>
      id
        ? apiOf(accountId).updateAutomation({ path: { id }, body })
        : apiOf(accountId).createAutomation({ body }),
    onSuccess: async (saved) => {
      await queryClient.invalidateQueries({ queryKey: automationsQuery(accountId).queryKey })
      tell(`${saved.name} is saved.`)
      await navigate({ to: '/a/$accountId/automations', params: { accountId } })
    },
  })
}

type AddStepProps = Pick<Parameters<typeof StepCard>[0], 'billing'> & {
  operations: readonly Operation[]
  onAdd: (operation: string) => void
}

function AddStep({ operations, billing, onAdd }: AddStepProps) {
  const priceOf = (code: string) => {
    const price = billing?.prices.find(({ operation }) => operation === code)
    if (!price || !billing?.credit_unit) return ''
    return readAmount(price.unit_price) === 0n ? 'free' : amountText(price.unit_price, billing.credit_unit)
  }
  return (
    <Menu
      triggerClass={buttonClass('plain', 'mt-3')}
      trigger={
        <>
          <Plus aria-hidden size={16} />
          Add step
        </>
      }
    >
      {operations.map(({ code, name }) => (
        <MenuItem key={code} onSelect={() => onAdd(code)}>
          <span className="flex-1">{name}</span>
          <span className="text-ink-3">{priceOf(code)}</span>
        </MenuItem>
      ))}
    </Menu>
  )
}

function DeleteButton({ accountId, id, name }: { accountId: string; id: string; name: string }) {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)
  const remove = useMutation({
    mutationFn: () => apiOf(accountId).deleteAutomation({ path: { id } }),
    onSuccess: async () => {
      await navigate({ to: '/a/$accountId/automations', params: { accountId } })
      await queryClient.invalidateQueries({ queryKey: automationsQuery(accountId).queryKey })
      tell(`${name} is deleted.`)
    },
  })
  return (
    <>
      <Button kind="quiet" onClick={() => setAsking(true)}>
        Delete
      </Button>
      {asking && (
        <ConfirmDialog
          title={`Delete ${name}`}
          action="Delete automation"
          otherwise="Keep it"
          danger
          busy={remove.isPending}
          fault={remove.isError ? faultText(remove.error) : null}
          onConfirm={() => remove.mutate()}
          onClose={() => setAsking(false)}
        >
          It can no longer be run; its runs, results and receipts stay.
        </ConfirmDialog>
      )}
    </>
  )
}
