/**
 * Usage as lines of JSON, of any length: booked while it arrives, answered line by line.
 *
 * Called by usage-routes.ts for a body of `application/x-ndjson`. Each line stands alone: one that is refused says why, and the others are
 * booked. The uses of one piece of the body go to the books together, where they share transactions (ledger/share-transaction.ts).
 *
 * Invariants:
 *   1. Lines are answered in the order in which they came, each after its commit, with its number from 1.
 *   2. Memory holds one piece of the body and its answers: no more is read while the answers are not taken.
 *   3. An answer that breaks off is safe to repeat from the first line without one, or whole: keys are booked once.
 */
import { StringDecoder } from 'node:string_decoder'
import { type Problem, problemOf, type Refused, refuse } from './problem.ts'

export const NDJSON = 'application/x-ndjson'

/** A line of usage has some 150; what is longer is no line of usage. */
const MOST_CHARACTERS = 16_384
/** So many lines are booked before the next are looked at. */
const MOST_TOGETHER = 500

/** `json` is the booked record. */
export type LineBooked = { status: 200 | 201; json: string }

export type LineBooker = (body: unknown) => Promise<LineBooked | Refused>

type Line = { number: number; text: string | null }

/** The texts of the answers, each a line of JSON: `{ line, status, usage }` or `{ line, status, problem }`. Blank lines have none. */
export async function* answerLines(
  body: AsyncIterable<Buffer>,
  book: LineBooker,
  requestId: string,
): AsyncGenerator<string> {
  for await (const lines of piecesOf(body)) {
    const answers = await Promise.all(
      lines.map(async ({ number, text }) => {
        const answer = text === null ? refuse('line_too_long') : await bookLine(text, book)
        if ('json' in answer) return `{"line":${number},"status":${answer.status},"usage":${answer.json}}\n`
        return `${JSON.stringify({ line: number, ...problemLine(problemOf(answer, requestId)) })}\n`
      }),
    )
    yield answers.join('')
  }
}

const problemLine = (problem: Problem) => ({ status: problem.status, problem })

async function bookLine(text: string, book: LineBooker) {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return refuse('malformed_request', 'The line is not valid JSON.')
  }
  return book(body)
}

/** The lines of the body as they become whole, at most MOST_TOGETHER at a time. The last one needs no end. */
async function* piecesOf(body: AsyncIterable<Buffer>): AsyncGenerator<Line[]> {
  const decoder = new StringDecoder('utf8')
  let number = 0
  let rest = ''
  let tooLong = false
  let lines: Line[] = []
  const end = (text: string) => {
    number += 1
    if (tooLong || text.length > MOST_CHARACTERS) lines.push({ number, text: null })
    else if (text.trim() !== '') lines.push({ number, text })
    tooLong = false
  }
  for await (const chunk of body) {
    const texts = (rest + decoder.write(chunk)).split('\n')
    rest = texts.pop()!
    for (const text of texts) {
      end(text)
      if (lines.length < MOST_TOGETHER) continue
      yield lines
      lines = []
    }
    // Of a line without an end only that it is too long is kept.
    if (rest.length > MOST_CHARACTERS) {
      tooLong = true
      rest = ''
    }
    if (lines.length > 0) yield lines
    lines = []
  }
  if (rest !== '' || tooLong) end(rest)
  if (lines.length > 0) yield lines
}
