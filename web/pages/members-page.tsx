/** Who works in the account, in which role, and who has been invited. */
import type { Invitation, Member } from '@drawdown/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { apiOf, faultText } from '../api.ts'
import { dateText } from '../format.ts'
import { invitationsQuery, membersQuery, meQuery } from '../queries.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { CopyField } from '../ui/copy-field.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { inputClass, SelectField, TextField } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader, Panel, Section } from '../ui/panel.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { tell } from '../ui/toast.tsx'

const route = getRouteApi('/inside/a/$accountId/members')

type Role = Member['role']

const roles: Record<Role, string> = {
  owner: 'Owner: everything, members and keys too',
  admin: 'Admin: everything, members and keys too',
  billing: 'Billing: plan, payment and invoices',
  editor: 'Editor: photos, automations and runs',
  viewer: 'Viewer: sees everything, changes nothing',
}
const roleNames = Object.keys(roles) as Role[]
const shortName = (role: Role) => role.charAt(0).toUpperCase() + role.slice(1)

export function MembersPage() {
  const { accountId } = route.useParams()
  const { data: me } = useQuery(meQuery())
  const members = useQuery(membersQuery(accountId))
  const [inviting, setInviting] = useState(false)
  const mine = me?.accounts.find(({ id }) => id === accountId)?.role
  const manages = mine === 'owner' || mine === 'admin'
  return (
    <>
      <PageHeader
        title="Members"
        actions={
          <Button
            kind="primary"
            disabledReason={manages || !me ? undefined : 'Only owners and admins can invite'}
            onClick={() => setInviting(true)}
          >
            Invite somebody
          </Button>
        }
      />
      <div className="grid gap-12">
        {members.isPending && <SkeletonRows rows={3} className="h-16" />}
        {members.isError && <Notice tone="danger">{faultText(members.error)}</Notice>}
        {members.data && (
          <Panel className="py-2!">
            <ul className="divide-y divide-line">
              {members.data.data.map((member) => (
                <MemberRow
                  key={member.user_id}
                  accountId={accountId}
                  member={member}
                  manages={manages}
                  self={member.user_id === me?.user?.id}
                />
              ))}
            </ul>
          </Panel>
        )}
        {manages && <Invitations accountId={accountId} />}
      </div>
      {inviting && <InviteDialog accountId={accountId} onClose={() => setInviting(false)} />}
    </>
  )
}

type MemberRowProps = { accountId: string; member: Member; manages: boolean; self: boolean }

function MemberRow({ accountId, member, manages, self }: MemberRowProps) {
  const queryClient = useQueryClient()
  const [removing, setRemoving] = useState(false)
  const after = () => queryClient.invalidateQueries({ queryKey: membersQuery(accountId).queryKey })
  const change = useMutation({
    mutationFn: (role: Role) =>
      apiOf(accountId).updateMember({ path: { user_id: member.user_id }, body: { role } }),
    onSuccess: async ({ name, role }) => {
      await after()
      tell(`${name} is ${role} now.`)
    },
  })
  const remove = useMutation({
    mutationFn: () => apiOf(accountId).removeMember({ path: { user_id: member.user_id } }),
    onSuccess: async () => {
      setRemoving(false)
      await after()
    },
  })
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-2 py-3 sm:grid-cols-[minmax(0,1fr)_9rem_6rem]">
      <div className="min-w-0 max-sm:col-span-2">
        <p className="truncate font-medium">
          {member.name}
          {self && <span className="font-normal text-ink-3"> (you)</span>}
        </p>
        <p className="truncate text-ink-2">{member.email}</p>
        {change.isError && <p className="text-danger">{faultText(change.error)}</p>}
      </div>
      {manages ? (
        <select
          aria-label={`Role of ${member.name}`}
          value={member.role}
          disabled={change.isPending}
          onChange={(event) => change.mutate(event.target.value as Role)}
          className={inputClass}
        >
          {roleNames.map((role) => (
            <option key={role} value={role}>
              {shortName(role)}
            </option>
          ))}
        </select>
      ) : (
        <p className="text-ink-2">{shortName(member.role)}</p>
      )}
      {manages && (
        <Button kind="quiet" onClick={() => setRemoving(true)} aria-label={`Remove ${member.name}`}>
          Remove
        </Button>
      )}
      {removing && (
        <ConfirmDialog
          title={`Remove ${member.name}`}
          action="Remove member"
          otherwise={`Keep ${member.name}`}
          danger
          busy={remove.isPending}
          fault={remove.isError ? faultText(remove.error) : null}
          onConfirm={() => remove.mutate()}
          onClose={() => setRemoving(false)}
        >
          {self ? 'You' : member.name} will no longer see this account, from the next request on. Nothing else
          changes.
        </ConfirmDialog>
      )}
    </li>
  )
}

function Invitations({ accountId }: { accountId: string }) {
  const invitations = useQuery(invitationsQuery(accountId))
  const open = invitations.data?.data.filter(({ accepted_at }) => accepted_at === null)
  if (!open || open.length === 0) return null
  return (
    <Section title="Invited">
      <Panel className="py-2!">
        <ul className="divide-y divide-line">
          {open.map((invitation) => (
            <li key={invitation.id} className="flex flex-wrap justify-between gap-x-6 gap-y-1 py-3">
              <span className="min-w-0 truncate font-medium">{invitation.email}</span>
              <span className="text-ink-2">
                {shortName(invitation.role)} · until {dateText(invitation.expires_at)}
              </span>
            </li>
          ))}
        </ul>
      </Panel>
    </Section>
  )
}

function InviteDialog({ accountId, onClose }: { accountId: string; onClose: () => void }) {
  const queryClient = useQueryClient()
  const invite = useMutation({
    mutationFn: (body: { email: string; role: Role }) => apiOf(accountId).createInvitation({ body }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: invitationsQuery(accountId).queryKey }),
  })
  if (invite.data) return <InvitedDialog invitation={invite.data} onClose={onClose} />
  return (
    <Dialog title="Invite somebody" onClose={onClose}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          const form = new FormData(event.currentTarget)
          invite.mutate({ email: String(form.get('email')), role: form.get('role') as Role })
        }}
      >
        <TextField label="E-mail" name="email" type="email" required maxLength={320} />
        <SelectField label="Role" name="role" defaultValue="editor">
          {roleNames.map((role) => (
            <option key={role} value={role}>
              {roles[role]}
            </option>
          ))}
        </SelectField>
        {invite.isError && <Notice tone="danger">{faultText(invite.error)}</Notice>}
        <Button type="submit" kind="primary" busy={invite.isPending}>
          Make invitation
        </Button>
      </form>
    </Dialog>
  )
}

function InvitedDialog({ invitation, onClose }: { invitation: Invitation; onClose: () => void }) {
  return (
    <Dialog
      title="Invitation"
      onClose={onClose}
      footer={
        <div className="flex justify-end">
          <Button kind="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      }
    >
      <p className="mb-4 text-ink-2">
        Send this link to {invitation.email}. It works once, until {dateText(invitation.expires_at)}, and is
        shown only now.
      </p>
      <CopyField label="Invitation link" value={invitation.link ?? ''} />
    </Dialog>
  )
}
