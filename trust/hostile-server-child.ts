/**
 * A whole server as customers meet it, in a process of its own, so that its memory is its own: started by hostile-files.ts, which is told where it listens; ends when its parent lets go of it.
 *
 * argv: a folder for its data, its port. The model is the one with 320-pixel input.
 */
import { join } from 'node:path'
import { describeFaults, readConfig } from '../config.ts'
import { testModels, testModelsFolder } from '../images/test-photos.ts'
import { startServer } from '../server.ts'

const [folder = '', port = ''] = process.argv.slice(2)
await testModels()
const reading = readConfig({
  PORT: port,
  DRAWDOWN_DATA: join(folder, 'data'),
  DRAWDOWN_MODELS: testModelsFolder(),
  WORKERS: '2',
})
if (!reading.ok) throw new Error(describeFaults(reading.faults))
const server = await startServer(reading.config, { modelInputSize: 320 })
process.on('disconnect', async () => {
  await server.close()
  process.exit()
})
process.send?.({ url: server.url, operatorToken: server.operatorToken })
