/** Coming in: with a password, as a new person, or by the link that the server printed for its first operator. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { apiOf, faultText } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { LevelMark } from '../ui/level.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { safeNext } from './safe-next.ts'

const signInRoute = getRouteApi('/sign-in')
const signUpRoute = getRouteApi('/sign-up')
const firstOperatorRoute = getRouteApi('/sign-in/$token')

export function SignInPage() {
  const { next } = signInRoute.useSearch()
  return (
    <Entrance
      title="Sign in"
      action="Sign in"
      fields={['email', 'password']}
      next={next}
      submit={({ email, password }) => apiOf('').signIn({ body: { email, password } })}
      below={
        <>
          <Link to="/forgot-password" className="underline underline-offset-2 hover:text-ink">
            Forgotten password
          </Link>
          {' · '}New here?{' '}
          <Link
            to="/sign-up"
            search={{ next }}
            className="font-medium text-accent underline underline-offset-2"
          >
            Create a user
          </Link>
        </>
      }
    />
  )
}

export function SignUpPage() {
  const { next } = signUpRoute.useSearch()
  return (
    <Entrance
      title="Create a user"
      action="Create user"
      fields={['name', 'email', 'new password']}
      next={next}
      submit={(body) => apiOf('').signUp({ body })}
      below={
        <>
          Been here before?{' '}
          <Link
            to="/sign-in"
            search={{ next }}
            className="font-medium text-accent underline underline-offset-2"
          >
            Sign in
          </Link>
        </>
      }
    />
  )
}

export function FirstOperatorPage() {
  const { token } = firstOperatorRoute.useParams()
  return (
    <Entrance
      title="Become the operator"
      action="Create operator"
      intro="You opened the one-time link of this installation. Whoever uses it first runs the service: plans, accounts and the sandbox clock."
      fields={['name', 'email', 'new password']}
      submit={(body) => apiOf('').becomeFirstOperator({ body: { token, ...body } })}
    />
  )
}

type EntranceProps = {
  title: string
  action: string
  intro?: string
  fields: readonly ('name' | 'email' | 'password' | 'new password')[]
  next?: string | undefined
  submit: (form: { name: string; email: string; password: string }) => Promise<unknown>
  below?: ReactNode
}

function Entrance({ title, action, intro, fields, next, submit, below }: EntranceProps) {
  const router = useRouter()
  const queryClient = useQueryClient()
  const enter = useMutation({
    mutationFn: (form: FormData) => {
      const value = (name: string) => String(form.get(name) ?? '')
      return submit({ name: value('name'), email: value('email'), password: value('password') })
    },
    onSuccess: () => {
      // What was read before was read by somebody else.
      queryClient.clear()
      router.history.push(safeNext(next))
    },
  })
  return (
    <main className="mx-auto grid min-h-dvh max-w-sm content-center gap-6 px-4 py-12">
      <PageTitle>{title}</PageTitle>
      <div className="flex items-center gap-2.5">
        <LevelMark share={0.55} size={28} />
        <span className="subheading">Drawdown</span>
      </div>
      <div>
        <h1 className="heading">{title}</h1>
        {intro && <p className="mt-2 text-ink-2">{intro}</p>}
      </div>
      <form
        className="grid gap-4 rounded-panel bg-surface p-6"
        onSubmit={(event) => {
          event.preventDefault()
          enter.mutate(new FormData(event.currentTarget))
        }}
      >
        {fields.includes('name') && (
          <TextField label="Name" name="name" autoComplete="name" required maxLength={200} />
        )}
        <TextField label="E-mail" name="email" type="email" autoComplete="email" required maxLength={320} />
        {fields.includes('password') && (
          <TextField
            label="Password"
            name="password"
            type="password"
            autoComplete="current-password"
            required
          />
        )}
        {fields.includes('new password') && (
          <TextField
            label="Password"
            name="password"
            type="password"
            autoComplete="new-password"
            minLength={12}
            maxLength={128}
            required
            hint="12 characters or more. A few words together are best."
          />
        )}
        {enter.isError && <Notice tone="danger">{faultText(enter.error)}</Notice>}
        <Button type="submit" kind="primary" busy={enter.isPending}>
          {action}
        </Button>
      </form>
      {below && <p className="text-ink-2">{below}</p>}
    </main>
  )
}
