/**
 * Gets the image models in the background, and says how far it is.
 *
 * Called by the server's composition. The server is ready without the models: items wait, `/readyz` and every run say
 * for what. Offline it tries again, waiting longer each time; an altered model file is refused and stays refused.
 */
import type { ModelState } from '../automations/model-state.ts'
import { ensureModels, ModelAltered, type ModelProgress, type Models } from '../images/models.ts'

export type FetchedModels = ModelState & {
  /** checking: what lies in the folder is read through, at every start. */
  state: 'checking' | 'fetching' | 'waiting' | 'ready' | 'refused'
  /** Bytes, of what is being fetched now. */
  progress: { done: number; total: number } | null
  /** Resolves when they are here, or refused, or no longer fetched. */
  settled: Promise<void>
  stop(): Promise<void>
}

export function fetchModels(options: {
  folder: string
  modelPath: string | null
  inputSize: 1024 | 320
  say: (sentence: string) => void
  log: (event: { event: string; [detail: string]: unknown }) => void
}): FetchedModels {
  const stopping = new AbortController()
  let models: Models | undefined
  let latest: ModelProgress | undefined
  let refusal: string | null = null

  const fetching = ensureModels({
    folder: options.folder,
    inputSize: options.inputSize,
    ...(options.modelPath === null ? {} : { modelPath: options.modelPath }),
    attempts: Number.POSITIVE_INFINITY,
    signal: stopping.signal,
    onProgress: (progress) => {
      if (progress.phase !== latest?.phase) announce(progress)
      latest = progress
    },
  }).then(
    (found) => {
      models = found
    },
    (fault: Error) => {
      if (stopping.signal.aborted) return
      refusal =
        fault instanceof ModelAltered ? fault.message : `The image models cannot be had: ${fault.message}`
      options.say(refusal)
      options.log({ event: 'models_refused', fault })
    },
  )

  function announce({ phase, file, detail }: ModelProgress): void {
    if (phase === 'downloading')
      options.say('Fetching the image models, once; images wait until they are here.')
    if (phase === 'converting') options.say('Preparing the image models.')
    if (phase === 'waiting')
      options.say(`The image models could not be fetched (${detail ?? file}); trying again.`)
  }

  return {
    get state() {
      if (models) return 'ready'
      if (refusal !== null) return 'refused'
      if (latest?.phase === 'waiting') return 'waiting'
      return latest === undefined || latest.phase === 'checking' ? 'checking' : 'fetching'
    },
    get progress() {
      return latest && latest.phase !== 'ready' ? { done: latest.done, total: latest.total } : null
    },
    settled: fetching,
    current: () => models,
    waitingFor: () => (models ? null : (refusal ?? waitingSentence(latest))),
    async stop() {
      stopping.abort()
      await fetching
    },
  }
}

function waitingSentence(latest: ModelProgress | undefined): string {
  switch (latest?.phase) {
    case 'downloading':
      return `The image models are being fetched${megabytes(latest)}.`
    case 'waiting':
      return `The image models could not be fetched yet${latest.detail ? ` (${latest.detail})` : ''}; it is tried again.`
    case 'converting':
      return 'The image models are being prepared.'
    default:
      return 'The image models are being checked.'
  }
}

function megabytes({ done, total }: ModelProgress): string {
  if (total <= 0) return ''
  return `: ${Math.floor(done / 1e6)} of ${Math.ceil(total / 1e6)} MB`
}
