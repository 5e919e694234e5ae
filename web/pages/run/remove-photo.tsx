/** Removes a photo and everything that was made of it, after saying what goes and what stays. */
import type { Item } from '@drawdown/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { apiOf, faultText } from '../../api.ts'
import { forgetAccount } from '../../queries.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { tell } from '../../ui/toast.tsx'

export function RemovePhoto({ accountId, item }: { accountId: string; item: Item }) {
  const queryClient = useQueryClient()
  const [asking, setAsking] = useState(false)
  const { id, name } = item.image
  const remove = useMutation({
    mutationFn: () => apiOf(accountId).removeImage({ path: { id } }),
    onSuccess: async () => {
      setAsking(false)
      await forgetAccount(queryClient, accountId)
      tell(`${name} is removed.`)
    },
  })
  return (
    <>
      <Button kind="quiet" icon={<Trash2 aria-hidden size={16} />} onClick={() => setAsking(true)}>
        Remove photo
      </Button>
      {asking && (
        <ConfirmDialog
          title={`Remove ${name}`}
          action="Remove for good"
          otherwise="Keep it"
          danger
          busy={remove.isPending}
          fault={remove.isError ? faultText(remove.error) : null}
          onConfirm={() => remove.mutate()}
          onClose={() => setAsking(false)}
        >
          The photo and everything that was made of it, in every run, go for good. What was paid stays paid,
          and receipts stay as they are.
        </ConfirmDialog>
      )}
    </>
  )
}
