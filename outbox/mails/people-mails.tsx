/** Mails about people: an invitation, a link that sets a new password, and a sign-in from somewhere new. */
import { Paragraph } from './mail-frame.tsx'
import { day, moment, template } from './mail-template.ts'

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

export const signIn = template<{ name: string; browser: string; address: string; at: string }>({
  when: 'Somebody signed in by a browser and from an address that had not been seen with them before.',
  kind: null,
  link: null,
  sample: {
    name: 'Ada',
    browser: 'Firefox on Linux',
    address: '203.0.113.7',
    at: '2026-11-28T09:30:00.000Z',
  },
  words: ({ name, browser, address, at }, { page }) => ({
    subject: 'A new sign-in to Drawdown',
    preview: `${browser}, from ${address}.`,
    title: 'A new sign-in',
    action: { label: 'Set a new password', url: page('/forgot-password') },
    body: (
      <>
        <Paragraph>Hello {name},</Paragraph>
        <Paragraph>
          on {moment(at)} somebody signed in with your password: {browser}, from {address}.
        </Paragraph>
        <Paragraph>
          If it was you, there is nothing to do. If not, set a new password at once: it ends every session.
        </Paragraph>
      </>
    ),
    reason: 'You have this because nobody had signed in as you in this way before. It is sent once for each.',
  }),
})

function article(role: string): string {
  return /^[aeio]/.test(role) ? 'an' : 'a'
}
