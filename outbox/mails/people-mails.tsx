/** Mails about people: an invitation, and a link that sets a new password. */
import { Paragraph } from './mail-frame.tsx'
import { day, template } from './mail-template.ts'

export const invitation = template<{ account: string; role: string; expires_at: string }>({
  when: 'Somebody was invited to an account.',
  kind: null,
  link: 'invitation',
  sample: { account: 'Harbour Studio', role: 'editor', expires_at: '2026-12-05T09:00:00.000Z' },
  words: ({ account, role, expires_at }, { secret }) => ({
    subject: `You are invited to ${account}`,
    preview: `Join ${account} on Drawdown as ${article(role)} ${role}.`,
    title: `Join ${account}`,
    action: { label: 'Accept the invitation', url: secret },
    body: (
      <>
        <Paragraph>
          You were invited to {account} as {article(role)} {role}. There its photos are worked on and paid
          for.
        </Paragraph>
        <Paragraph>The link is for you alone, and good until {day(expires_at)}.</Paragraph>
      </>
    ),
    reason: 'You have this because somebody gave your address. If you do not know them, leave it be.',
  }),
})

export const passwordReset = template<{ name: string }>({
  when: 'Somebody asked for a link to set a new password.',
  kind: null,
  link: 'password_reset',
  sample: { name: 'Ada' },
  words: ({ name }, { secret }) => ({
    subject: 'Set a new password',
    preview: 'The link is good for one hour.',
    title: 'Set a new password',
    action: { label: 'Set a new password', url: secret },
    body: (
      <>
        <Paragraph>Hello {name},</Paragraph>
        <Paragraph>
          with this link you set a new password and are signed out everywhere else. It is good once, for one
          hour.
        </Paragraph>
      </>
    ),
    reason:
      'You have this because somebody asked for it with your address. If it was not you, leave it be: nothing has changed.',
  }),
})

function article(role: string): string {
  return /^[aeio]/.test(role) ? 'an' : 'a'
}
