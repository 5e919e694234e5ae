/** A forgotten password: asking for a link, and setting a new one with it. */
import { useMutation } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { apiOf, faultText } from '../api.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { LevelMark } from '../ui/level.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'

const resetRoute = getRouteApi('/new-password/$token')

export function ForgotPasswordPage() {
  const ask = useMutation({
    mutationFn: (email: string) => apiOf('').sendPasswordLink({ body: { email } }),
  })
  return (
    <Frame title="Forgotten password">
      {ask.isSuccess ? (
        <p className="text-ink-2" role="status">
          If somebody is known here by this address, a link is on its way. It is good for one hour. Where this
          service has no mail server, ask whoever runs it.
        </p>
      ) : (
        <Form
          submit="Send a link"
          busy={ask.isPending}
          fault={ask.error}
          onSubmit={(form) => ask.mutate(String(form.get('email')))}
        >
          <TextField label="E-mail address" name="email" type="email" autoComplete="email" required />
        </Form>
      )}
      <p className="text-ink-2">
        <Link to="/sign-in" className="font-medium text-accent underline underline-offset-2">
          Back to signing in
        </Link>
      </p>
    </Frame>
  )
}

export function NewPasswordPage() {
  const { token } = resetRoute.useParams()
  const set = useMutation({
    mutationFn: (password: string) => apiOf('').setPassword({ body: { token, password } }),
  })
  return (
    <Frame title="Set a new password">
      {set.isSuccess ? (
        <>
          <p className="text-ink-2" role="status">
            The new password is set, and you are signed out everywhere.
          </p>
          <div>
            <Link to="/sign-in" className={buttonClass('primary')}>
              Sign in
            </Link>
          </div>
        </>
      ) : (
        <Form
          submit="Set password"
          busy={set.isPending}
          fault={set.error}
          onSubmit={(form) => set.mutate(String(form.get('password')))}
        >
          <TextField
            label="New password"
            name="password"
            type="password"
            autoComplete="new-password"
            minLength={12}
            maxLength={128}
            required
            hint="12 characters or more. A few words together are best."
          />
        </Form>
      )}
    </Frame>
  )
}

function Frame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="mx-auto grid min-h-dvh max-w-sm content-center gap-6 px-4 py-12">
      <PageTitle>{title}</PageTitle>
      <div className="flex items-center gap-2.5">
        <LevelMark share={0.55} size={28} />
        <span className="subheading">Drawdown</span>
      </div>
      <h1 className="heading">{title}</h1>
      {children}
    </main>
  )
}

type FormProps = {
  submit: string
  busy: boolean
  fault: unknown
  onSubmit: (form: FormData) => void
  children: ReactNode
}

function Form({ submit, busy, fault, onSubmit, children }: FormProps) {
  return (
    <form
      className="grid gap-4 rounded-panel bg-surface p-6"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit(new FormData(event.currentTarget))
      }}
    >
      {children}
      {Boolean(fault) && <Notice tone="danger">{faultText(fault)}</Notice>}
      <Button type="submit" kind="primary" busy={busy}>
        {submit}
      </Button>
    </form>
  )
}
