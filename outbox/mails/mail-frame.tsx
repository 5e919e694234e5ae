/**
 * What every mail looks like: a column of text on a quiet ground, one button, and why it was sent.
 *
 * Called by the templates beside it.
 *
 * Readable in clients that drop styles, in the dark (by the colours that the client or the media query puts in), and from 320 pixels on.
 */
import {
  Button,
  Container,
  Head,
  Heading,
  Hr,
  Html,
  Link,
  Preview,
  Section,
  Text,
} from '@react-email/components'
import type { ReactNode } from 'react'

const FONT = "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"

/** Clients that know dark mode take these; others keep the light colours that stand inline. */
const DARK = `
  :root { color-scheme: light dark; supported-color-schemes: light dark; }
  @media (prefers-color-scheme: dark) {
    .ground { background-color: #0e0e0f !important; }
    .sheet { background-color: #18181a !important; }
    .ink, .ink a { color: #f2f2f2 !important; }
    .soft, .soft a { color: #b9b9bd !important; }
    .line { border-color: #2f2f33 !important; }
    .press { background-color: #5cc5cf !important; color: #06282b !important; }
  }
  @media (max-width: 480px) { .sheet { padding: 24px 20px !important; } .ground { padding: 0 !important; } }
`

const ink = { color: '#171717', fontFamily: FONT }
const soft = { color: '#5a5a5a', fontFamily: FONT }

export type MailFrameProps = {
  /** What the list of mails shows behind the subject. */
  preview: string
  title: string
  /** The one thing to do. */
  action?: { label: string; url: string } | undefined
  /** Why this person has it, and how it is stopped. */
  foot: ReactNode
  children: ReactNode
}

export function MailFrame({ preview, title, action, foot, children }: MailFrameProps) {
  return (
    <Html lang="en">
      <Head>
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{title}</title>
        <style>{DARK}</style>
      </Head>
      <Preview>{preview}</Preview>
      <body className="ground" style={{ margin: 0, padding: '32px 12px', backgroundColor: '#f6f6f6' }}>
        <Container
          className="sheet"
          style={{
            maxWidth: '560px',
            backgroundColor: '#ffffff',
            borderRadius: '14px',
            padding: '36px 40px',
          }}
        >
          <Text className="soft" style={{ ...soft, margin: '0 0 28px', fontSize: '14px', fontWeight: 600 }}>
            Drawdown
          </Text>
          <Heading
            as="h1"
            className="ink"
            style={{ ...ink, margin: '0 0 16px', fontSize: '22px', lineHeight: '28px', fontWeight: 600 }}
          >
            {title}
          </Heading>
          {children}
          {action && (
            <Section style={{ padding: '12px 0 4px' }}>
              <Button
                href={action.url}
                className="press"
                style={{
                  backgroundColor: '#0b6b75',
                  color: '#ffffff',
                  fontFamily: FONT,
                  fontSize: '15px',
                  fontWeight: 600,
                  padding: '12px 20px',
                  borderRadius: '8px',
                }}
              >
                {action.label}
              </Button>
            </Section>
          )}
          <Hr className="line" style={{ borderColor: '#e3e3e3', margin: '32px 0 16px' }} />
          <Text className="soft" style={{ ...soft, margin: 0, fontSize: '13px', lineHeight: '19px' }}>
            {foot}
          </Text>
        </Container>
      </body>
    </Html>
  )
}

export function Paragraph({ children }: { children: ReactNode }) {
  return (
    <Text className="ink" style={{ ...ink, margin: '0 0 14px', fontSize: '15px', lineHeight: '23px' }}>
      {children}
    </Text>
  )
}

/** Facts in two columns, as a table that is read aloud row by row. */
export function Facts({ rows }: { rows: readonly (readonly [name: string, value: string])[] }) {
  return (
    <table
      role="presentation"
      cellPadding={0}
      cellSpacing={0}
      style={{ width: '100%', borderCollapse: 'collapse', margin: '4px 0 18px' }}
    >
      <tbody>
        {rows.map(([name, value]) => (
          <tr key={name}>
            <td
              className="soft line"
              style={{
                ...soft,
                fontSize: '14px',
                padding: '8px 16px 8px 0',
                borderBottom: '1px solid #e3e3e3',
              }}
            >
              {name}
            </td>
            <td
              className="ink line"
              style={{
                ...ink,
                fontSize: '14px',
                padding: '8px 0',
                textAlign: 'right',
                borderBottom: '1px solid #e3e3e3',
                wordBreak: 'break-word',
              }}
            >
              {value}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export function PlainLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} style={{ color: 'inherit', textDecoration: 'underline' }}>
      {children}
    </Link>
  )
}
