/** Says that the models are still on their way, and that photos wait for them. Nothing is shown once they are there. */
import { useQuery } from '@tanstack/react-query'
import { bytesText } from '../format.ts'
import { readinessQuery } from '../queries.ts'
import { Notice } from '../ui/notice.tsx'

export function ModelsNotice() {
  const { data } = useQuery(readinessQuery())
  if (!data || data.models.state === 'ready') return null
  const { state, detail, done, total } = data.models
  const refused = state === 'refused'
  return (
    <Notice tone={refused ? 'danger' : 'info'} className="mb-6 print:hidden">
      {refused
        ? detail
        : 'The image models are being fetched. You can start runs already; their photos wait for it.'}
      {done !== null && total !== null && total > 0 && (
        <span className="figures text-ink-2">
          {' '}
          {bytesText(done)} of {bytesText(total)}
        </span>
      )}
    </Notice>
  )
}
