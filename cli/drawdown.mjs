#!/usr/bin/env node
// The command `drawdown`. TypeScript is read by tsx in this very process, so that signals and exit codes need no relay.
import { register } from 'tsx/esm/api'

register()
await import('./drawdown.ts')
