/** /openapi.json, /docs, and a page for each refusal: all from the tables of this room. Nothing is loaded from elsewhere. */
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { openApiDocument, openApiText } from './openapi.ts'
import { problems, type RefusalName, refuse } from './problem.ts'
import { sendProblem } from './send-problem.ts'

const HTML = 'text/html; charset=utf-8'

export async function serveDocumentation(app: FastifyInstance): Promise<void> {
  const document = openApiDocument()
  const text = openApiText()
  app.get('/openapi.json', async (_, reply) =>
    reply.type('application/json; charset=utf-8').header('cache-control', 'no-cache').send(text),
  )
  await app.register(swagger, { mode: 'static', specification: { document: document as never } })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: {
      deepLinking: true,
      docExpansion: 'list',
      validatorUrl: null,
      layout: 'BaseLayout',
      tryItOutEnabled: false,
    },
    theme: { title: 'Drawdown API' },
  })
  app.get('/problems', async (_, reply) => reply.type(HTML).send(indexPage()))
  app.get<{ Params: { refusal: string } }>('/problems/:refusal', async (request, reply) => {
    const { refusal } = request.params
    if (!Object.hasOwn(problems, refusal)) return sendProblem(reply, refuse('not_found'))
    return reply.type(HTML).send(problemPage(refusal as RefusalName))
  })
}

function problemPage(refusal: RefusalName): string {
  const [status, title, remedy] = problems[refusal]
  return htmlPage(
    title,
    `<h1>${escapeHtml(title)}</h1>
    <p>${escapeHtml(remedy)}</p>
    <dl><dt>Name</dt><dd><code>${refusal}</code></dd><dt>HTTP status</dt><dd>${status}</dd></dl>
    <p>An answer of this kind has <code>"type": "/problems/${refusal}"</code>, a <code>detail</code> that says what happened
    this time, and a <code>request_id</code> to ask the operator about.</p>
    <p><a href="/problems">All problems</a> · <a href="/docs">API</a></p>`,
  )
}

function indexPage(): string {
  const rows = Object.entries(problems).map(
    ([refusal, [status, title]]) =>
      `<tr><td>${status}</td><td><a href="/problems/${refusal}"><code>${refusal}</code></a></td><td>${escapeHtml(title)}</td></tr>`,
  )
  return htmlPage(
    'Problems',
    `<h1>Problems</h1><p>What the API refuses, by name.</p>
    <table><tr><th>Status</th><th>Name</th><th>What it says</th></tr>${rows.join('\n')}</table>`,
  )
}

const htmlPage = (title: string, body: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escapeHtml(title)} · Drawdown</title>
    <style>
      :root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
      main { max-width: 44rem; margin: 4rem auto; padding: 0 1.25rem; }
      h1 { font-size: 1.6rem; line-height: 1.25; }
      dl { display: grid; grid-template-columns: max-content auto; gap: .25rem 1.5rem; }
      dt { opacity: .7; } dd { margin: 0; }
      table { border-collapse: collapse; width: 100%; }
      th, td { text-align: left; padding: .35rem .75rem .35rem 0; vertical-align: top; }
    </style>
  </head>
  <body><main>${body}</main></body>
</html>
`

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
