/**
 * Puts the sources of the server into one file, so that it starts in a third of the time: what is started a hundred times is the
 * same program, read at once instead of file by file.
 *
 * Called by served.ts. Packages stay what they are and where they are, and so does whatever the server starts or reads beside its
 * own sources: each file still says that it stands where it stood.
 */
import { readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const ROOT = join(import.meta.dirname, '..')

/** Writes the bundle into `folder`; answers its path. */
export async function bundleServer(folder: string): Promise<string> {
  const outfile = join(folder, 'server.mjs')
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const entry = join(ROOT, 'server.ts')
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    // server.ts starts when it is what was called.
    banner: { js: `process.argv[1] = ${JSON.stringify(entry)}` },
    plugins: [
      {
        name: 'place',
        setup(own) {
          own.onLoad({ filter: /\.ts$/ }, ({ path }) => ({ contents: inItsPlace(path), loader: 'ts' }))
        },
      },
    ],
  })
  return outfile
}

function inItsPlace(path: string): string {
  return readFileSync(path, 'utf8')
    .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
    .replaceAll('import.meta.filename', JSON.stringify(path))
    .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
}
