import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openApiDocument, openApiText } from './openapi.ts'
import { type Route, routes } from './routes.ts'

type Operation = { operationId: string; security: object[]; responses: Record<string, unknown> }
const document = openApiDocument() as {
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, unknown>>
}

describe('the OpenAPI document', () => {
  test('is the file that the typed client is made from: `npm run openapi` writes it', () => {
    expect(readFileSync(join(import.meta.dirname, 'openapi.json'), 'utf8')).toBe(openApiText())
  })

  test('has every row, under its name', () => {
    const found = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => `${operationId} ${method} ${path}`),
    )
    const rows = Object.entries<Route>(routes).map(
      ([name, { method, path }]) => `${name} ${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`,
    )
    expect(found.sort()).toEqual(rows.sort())
  })

  test('refers to nothing that is not in it', () => {
    for (const [, group, name] of openApiText().matchAll(/"#\/components\/(\w+)\/(\w+)"/g))
      expect(Object.keys(document.components[group!]!)).toContain(name)
    expect(openApiText()).not.toContain('$defs')
  })

  test('asks for nobody where a route is public, and for somebody everywhere else', () => {
    for (const row of Object.values<Route>(routes)) {
      const operation = document.paths[row.path.replaceAll(/:(\w+)/g, '{$1}')]![row.method.toLowerCase()]!
      expect([row.path, operation.security.length === 0]).toEqual([row.path, row.access === 'public'])
      expect('401' in operation.responses).toBe(row.access !== 'public')
    }
  })
})
