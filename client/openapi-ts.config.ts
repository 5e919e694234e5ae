/**
 * How the typed client is generated from the API document. Called by `npm run client`.
 *
 * 1. The same document gives the same files: nothing in them depends on the day or the machine.
 * 2. Methods are named as the rows of http/routes.ts, throw what is refused, and answer the body itself.
 * 3. The generated files are not type-checked: their runtime part is not written for `exactOptionalPropertyTypes`. Their types hold
 *    for whoever calls them.
 */
import { join } from 'node:path'
import { defineConfig } from '@hey-api/openapi-ts'

export default defineConfig({
  input: join(import.meta.dirname, '../http/openapi.json'),
  output: {
    path: join(import.meta.dirname, 'generated'),
    header: ['// Generated from http/openapi.json by `npm run client`. Do not edit.', '// @ts-nocheck'],
    importFileExtension: '.ts',
    entryFile: false,
    tsConfigPath: null,
  },
  parser: {
    patch: {
      operations: {
        // A method has one kind of body: files here, an address in the method fetchImage of index.ts.
        'POST /v1/images': (operation) => {
          const { requestBody } = operation
          if (requestBody && 'content' in requestBody) delete requestBody.content?.['application/json']
        },
      },
    },
  },
  plugins: [
    { name: '@hey-api/client-fetch', throwOnError: true, baseUrl: false },
    '@hey-api/typescript',
    {
      name: '@hey-api/sdk',
      operations: { strategy: 'single', containerName: 'GeneratedClient' },
      responseStyle: 'data',
      auth: false,
    },
  ],
})
