/**
 * Writes http/openapi.json, from which the typed client is made: `npm run openapi`. A test keeps file and rows equal.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openApiText } from './openapi.ts'

writeFileSync(join(import.meta.dirname, 'openapi.json'), openApiText())
