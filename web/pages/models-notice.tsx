/** Says what is still done with the models, and that photos wait for them. Nothing is shown once they are ready. */
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
      {refused ? detail : `${awaited[state]} You can start runs already; their photos wait for it.`}
      {state === 'fetching' && done !== null && total !== null && total > 0 && (
        <span className="figures text-ink-2">
          {' '}
          {bytesText(done)} of {bytesText(total)}
        </span>
      )}
    </Notice>
  )
}

const awaited = {
  checking: 'The image models are being checked.',
  fetching: 'The image models are being fetched.',
  waiting: 'The image models could not be fetched yet; it is tried again.',
}
