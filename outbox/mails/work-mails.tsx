/** Mails about work: what a run cost, alerts, pauses, hot folders and endpoints that were switched off, and the week. */
import { Facts, Paragraph } from './mail-frame.tsx'
import { day, money, template } from './mail-template.ts'

export const receipt = template<{
  run_id: string
  run: string
  status: string
  items: number
  succeeded: number
  failed: number
  held: number
  cost: string
  from_credits: string
  overage: string
  currency: string
  credit_unit: string
}>({
  when: 'A run has ended that somebody wanted to be told of.',
  kind: 'runs',
  link: null,
  sample: {
    run_id: 'sample',
    run: 'Marketplace square',
    status: 'finished',
    items: 240,
    succeeded: 236,
    failed: 1,
    held: 3,
    cost: '165.2',
    from_credits: '120',
    overage: '45.2',
    currency: 'USD',
    credit_unit: 'USD',
  },
  words: (facts, { page }) => ({
    subject: `${facts.run}: ${facts.succeeded} of ${facts.items} photos are done`,
    preview: `It cost ${money(facts.cost, facts.credit_unit)}.`,
    title: `${facts.run} ${facts.status === 'cancelled' ? 'was cancelled' : 'is done'}`,
    action: { label: 'See the results', url: page(`/runs/${facts.run_id}`) },
    body: (
      <>
        <Facts
          rows={[
            ['Done', `${facts.succeeded} of ${facts.items}`],
            ...(facts.failed > 0 ? ([['Failed, free of charge', String(facts.failed)]] as const) : []),
            ...(facts.held > 0 ? ([['Wait for your look', String(facts.held)]] as const) : []),
            ['Cost', money(facts.cost, facts.credit_unit)],
            ['From credits', money(facts.from_credits, facts.credit_unit)],
            ['Overage', money(facts.overage, facts.currency)],
          ]}
        />
        <Paragraph>The receipt goes down to each photo and step.</Paragraph>
      </>
    ),
    reason: 'You have this because you started the run.',
  }),
})

type Alert = {
  account: string
  rule: { kind: string; percent?: number; amount?: string }
  currency: string
  balance: string
  credit_unit: string
  overage: string
}

export const alert = template<Alert>({
  when: 'A rule of the account’s alerts was met.',
  kind: 'alerts',
  link: null,
  sample: {
    account: 'Harbour Studio',
    rule: { kind: 'credits', percent: 80 },
    currency: 'USD',
    balance: '10',
    credit_unit: 'USD',
    overage: '0',
  },
  words: (facts, { page }) => ({
    subject: `${facts.account}: ${alertSentence(facts)}`,
    preview: 'Your automations keep running.',
    title: alertSentence(facts),
    action: { label: 'See billing', url: page('/billing') },
    body: (
      <>
        <Facts
          rows={[
            ['Balance', money(facts.balance, facts.credit_unit)],
            ['Overage this period', money(facts.overage, facts.currency)],
          ]}
        />
        <Paragraph>Your automations keep running. You are told once for each period.</Paragraph>
      </>
    ),
    reason: 'You have this because alerts are set for this account.',
  }),
})

function alertSentence({ rule, currency }: Alert): string {
  if (rule.kind === 'credits') return `${rule.percent} % of the credits are used`
  const amount = money(rule.amount ?? '0', currency)
  return rule.kind === 'overage'
    ? `Overage has reached ${amount}`
    : `The period is likely to end with ${amount} of overage`
}

export const pause = template<{ account: string; run: string; pause_at: string | null; currency: string }>({
  when: 'Automations pause at the overage that the customer has set.',
  kind: 'alerts',
  link: null,
  sample: { account: 'Harbour Studio', run: 'Marketplace square', pause_at: '50', currency: 'USD' },
  words: ({ account, run, pause_at, currency }, { page }) => ({
    subject: `${account}: automations pause`,
    preview: `“${run}” waits, as you have asked.`,
    title: 'Automations pause, as you have asked',
    action: { label: 'Raise the limit', url: page('/billing?dialog=limits') },
    body: (
      <>
        <Paragraph>
          “{run}” waits
          {pause_at === null
            ? ''
            : `, because its next photo would pass ${money(pause_at, currency)} of overage`}
          .
        </Paragraph>
        <Paragraph>
          It goes on by itself when the limit or the balance rises, or a new period opens. Nothing that is
          done is lost.
        </Paragraph>
      </>
    ),
    reason: 'You have this because automations of this account pause at a limit of yours.',
  }),
})

export const hotFolderStopped = template<{
  account: string
  hot_folder_id: string
  name: string
  message: string
}>({
  when: 'A hot folder does not go on; once a day for each.',
  kind: 'alerts',
  link: null,
  sample: {
    account: 'Harbour Studio',
    hot_folder_id: 'sample',
    name: 'new-shoes',
    message: 'The automation of this folder was deleted. Choose another one, or remove the folder.',
  },
  words: ({ account, hot_folder_id, name, message }, { page }) => ({
    subject: `${account}: the hot folder ${name} does not go on`,
    preview: message,
    title: `The hot folder ${name} does not go on`,
    action: { label: 'See the folder', url: page(`/hot-folders/${hot_folder_id}`) },
    body: (
      <>
        <Paragraph>{message}</Paragraph>
        <Paragraph>What comes into it is kept there, and run once it goes on.</Paragraph>
      </>
    ),
    reason: 'You have this because you manage this account.',
  }),
})

export const endpointDisabled = template<{
  account: string
  endpoint_id: string
  url: string
  reason: string
}>({
  when: 'Nothing arrived at a webhook endpoint for three days, or it is gone.',
  kind: 'alerts',
  link: null,
  sample: {
    account: 'Harbour Studio',
    endpoint_id: 'sample',
    url: 'https://example.com/drawdown',
    reason: 'failing',
  },
  words: ({ account, endpoint_id, url, reason }, { page }) => ({
    subject: `${account}: a webhook was switched off`,
    preview: url,
    title: 'A webhook was switched off',
    action: { label: 'See what was answered', url: page(`/webhooks/${endpoint_id}`) },
    body: (
      <>
        <Facts
          rows={[
            ['Address', url],
            ['Why', reason === 'gone' ? 'it answered that it is gone' : 'nothing arrived for three days'],
          ]}
        />
        <Paragraph>What waits for it is kept. Switch it on again once it is mended.</Paragraph>
      </>
    ),
    reason: 'You have this because you manage this account.',
  }),
})

export const weeklySummary = template<{
  account: string
  from: string
  to: string
  photos: number
  runs: number
  cost: string
  overage: string
  balance: string
  currency: string
  credit_unit: string
}>({
  when: 'Every Monday, for accounts that have done something in the week before.',
  kind: 'weekly',
  link: null,
  sample: {
    account: 'Harbour Studio',
    from: '2026-11-23T00:00:00.000Z',
    to: '2026-11-30T00:00:00.000Z',
    photos: 1240,
    runs: 18,
    cost: '312.4',
    overage: '12.4',
    balance: '87.6',
    currency: 'USD',
    credit_unit: 'USD',
  },
  words: (facts, { page }) => ({
    subject: `${facts.account}: your week`,
    preview: `${facts.photos} photos in ${facts.runs} runs.`,
    title: `The week from ${day(facts.from)}`,
    action: { label: 'See billing', url: page('/billing') },
    body: (
      <Facts
        rows={[
          ['Photos done', String(facts.photos)],
          ['Runs', String(facts.runs)],
          ['Cost', money(facts.cost, facts.credit_unit)],
          ['Overage', money(facts.overage, facts.currency)],
          ['Balance now', money(facts.balance, facts.credit_unit)],
        ]}
      />
    ),
    reason: 'You have this because you manage this account.',
  }),
})
