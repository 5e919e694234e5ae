/** What marketplaces would say of one result, before anyone uploads it: who takes it, and for the one chosen every rule with what was measured. */
import type { CheckItemResponse, Item } from '@drawdown/client'
import { useQuery } from '@tanstack/react-query'
import { Check, Info, X } from 'lucide-react'
import { useState } from 'react'
import { complianceQuery } from '../../queries.ts'
import { SelectField } from '../../ui/field.tsx'

type Compliance = CheckItemResponse['data'][number]

const ruleWords: Record<string, string> = {
  long_side: 'Longer side',
  short_side: 'Shorter side',
  aspect: 'Width to height',
  format: 'Format',
  file_size: 'File size',
  colour_profile: 'Colours',
  white_background: 'White background',
  light_background: 'Light background',
  fill: 'Product fills the frame',
  enlarged: 'Enlargement',
  one_person: 'One person',
  head_height: 'Head, chin to crown',
  eye_line: 'Eyes from below',
}

const verdictWords: Record<Compliance['verdict'], string> = {
  meets: 'meets',
  meets_with_advice: 'meets, with advice',
  misses: 'misses',
}

export function CompliancePanel({ accountId, item }: { accountId: string; item: Item }) {
  const { data } = useQuery({
    ...complianceQuery(accountId, item.id),
    enabled: item.output !== null && item.removed_at === null,
    retry: false,
  })
  return <ComplianceReports reports={data?.data ?? []} />
}

/** Nothing where nothing was measured. */
export function ComplianceReports({ reports }: { reports: readonly Compliance[] }) {
  const [chosen, choose] = useState<string>()
  if (reports.length === 0) return null
  const namesOf = (verdict: Compliance['verdict']) =>
    reports.filter((report) => report.verdict === verdict).map(({ name }) => name)
  const byVerdict = (verdict: Compliance['verdict']) => reports.find((report) => report.verdict === verdict)
  const shown =
    reports.find(({ preset }) => preset === chosen) ??
    byVerdict('meets') ??
    byVerdict('meets_with_advice') ??
    reports[0]!
  return (
    <details className="mt-4 border-line border-t pt-3">
      <summary className="cursor-pointer">
        <span className="font-medium">Marketplace rules</span>{' '}
        <span className="text-ink-2">
          {summaryOf({ met: namesOf('meets'), advised: namesOf('meets_with_advice') })}
        </span>
      </summary>
      <div className="mt-3 grid gap-3">
        <SelectField
          label="Preset"
          className="max-w-sm"
          value={shown.preset}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          {reports.map(({ preset, name, verdict }) => (
            <option key={preset} value={preset}>
              {name}: {verdictWords[verdict]}
            </option>
          ))}
        </SelectField>
        <Rules report={shown} />
      </div>
    </details>
  )
}

function summaryOf({ met, advised }: { met: string[]; advised: string[] }): string {
  const parts = [
    ...(met.length > 0 ? [`met for ${met.join(', ')}`] : []),
    ...(advised.length > 0 ? [`met with advice for ${advised.join(', ')}`] : []),
  ]
  return parts.length > 0 ? parts.join('; ') : 'missed for every preset'
}

function Rules({ report }: { report: Compliance }) {
  return (
    <ul className="grid gap-1.5">
      {report.rules.map(({ rule, met, advice, measured, wanted }, index) => {
        const Mark = met ? Check : advice ? Info : X
        const word = met ? 'Met' : advice ? 'Advised' : 'Missed'
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: one rule may ask twice, at least and at best
          <li key={index} className="grid grid-cols-[auto_1fr] items-start gap-x-2.5">
            <Mark
              role="img"
              aria-label={word}
              size={16}
              className={`mt-0.5 ${met ? 'text-accent' : advice ? 'text-ink-3' : 'text-danger'}`}
            />
            <span className={met || advice ? '' : 'text-danger'}>
              {ruleWords[rule] ?? rule} {measured}
              {!met && (
                <span className="text-ink-2">
                  ; {advice ? 'advised' : 'wanted'} {wanted}
                </span>
              )}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
