/**
 * How the web app is built: `vite build` into web/dist, which the server serves at `/`; `vite` for working on it against
 * a server on port 4000.
 *
 * 1. No inline script or style is written, because the content security policy allows none.
 * 2. Nothing is inlined as a data URL, fonts least of all, for the same reason.
 * 3. Beside each text file stands its Brotli form, as small as it gets, so that the server compresses nothing.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const server = 'http://localhost:4000'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss(), preloaded(), compressed()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The oldest browsers with light-dark(), of which both themes are made.
    target: ['chrome123', 'firefox121', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'third-party-licences.md' },
    rolldownOptions: {
      output: {
        // What nearly every page uses comes as one file. A page of forty small ones waits for its slowest.
        codeSplitting: { groups: [{ name: 'shared', test: isShared, minShareCount: 2 }] },
      },
    },
  },
  server: {
    fs: { allow: ['..'] },
    proxy: Object.fromEntries(
      ['/v1', '/auth', '/docs', '/openapi.json', '/readyz'].map((path) => [path, server]),
    ),
  },
})

/** Whatever pages share, but for the parts that are large and of few pages. */
function isShared(id: string): boolean {
  return !/photo-grid|react-virtual|virtual-core|drop-zone/.test(id)
}

/**
 * The pages that most visits begin with, and the typeface, are named in the document itself, so that they come at the
 * same time as the code that would otherwise ask for them.
 */
function preloaded(): Plugin {
  return {
    name: 'preloaded',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle }) {
        const files = Object.values(bundle ?? {})
        const pages = files.filter(
          (file) =>
            file.type === 'chunk' && /pages\/(frame|billing-page)\.tsx$/.test(file.facadeModuleId ?? ''),
        )
        const font = files.find(({ fileName }) => /inter-latin-wght-normal.*\.woff2$/.test(fileName))
        if (pages.length !== 2 || !font) throw new Error('what index.html preloads is not part of the build')
        return [
          ...pages.map(({ fileName }) => link({ rel: 'modulepreload', href: `/${fileName}` })),
          link({
            rel: 'preload',
            as: 'font',
            type: 'font/woff2',
            href: `/${font.fileName}`,
            fetchpriority: 'low',
          }),
        ]
      },
    },
  }
}

function link(attrs: Record<string, string>) {
  return { tag: 'link', attrs: { ...attrs, crossorigin: true }, injectTo: 'head' as const }
}

function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    async writeBundle({ dir }) {
      if (dir === undefined) return
      for (const name of await readdir(dir, { recursive: true })) {
        if (!/\.(js|css|html|svg)$/.test(name)) continue
        const text = await readFile(join(dir, name))
        const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
        await writeFile(join(dir, `${name}.br`), brotliCompressSync(text, { params }))
      }
    },
  }
}
