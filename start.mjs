#!/usr/bin/env node
/**
 * From a fresh clone to a running service, or to passed tests: `npm start` and `npm test`.
 *
 * 1. Plain JavaScript and nothing but Node, since it runs before anything is installed.
 * 2. What is there already costs a few milliseconds: the installed packages are compared with the lockfile, the built web app
 *    with its sources. No file under version control is changed, the lockfile least of all.
 * 3. Whatever is missing and cannot be had here is said in a sentence that names what to do; then it ends with a failure.
 * 4. The server takes this process over, so that signals and the exit code are its own, and killing it kills it.
 *
 *    node start.mjs               check Node ─▶ port ─▶ packages ─▶ web ─▶ server.ts
 *    node start.mjs test [args]   check Node ─▶ packages ─▶ Chromium, hledger … ─▶ web ─▶ biome ─▶ tsc ─▶ vitest [args]
 *
 * Not here: Postgres (database/embedded.ts prepares its own), the models (fetched by the server while it runs).
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(fileURLToPath(import.meta.url))
const say = (sentence) => console.log(sentence)

/** Ends the start with a sentence for a person, without a stack. */
class Impossible extends Error {}

async function main([command, ...args]) {
  process.chdir(root)
  refuseOldNode()
  if (command === 'test') return test(args)
  if (command !== undefined)
    throw new Impossible(`Unknown: ${command}. There is \`npm start\` and \`npm test\`.`)
  await refuseUsedPort()
  await installPackages()
  await buildWeb()
  await handOver()
}

/** Vite and its kind name the same versions. */
function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if ((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22) return
  throw new Impossible(
    `This is Node ${process.versions.node}; Drawdown needs 20.19 or later (or 22.12 or later). Install it from https://nodejs.org and start again.`,
  )
}

/** Asked before anything else is started. server.ts says it too, should the port be taken in between. */
async function refuseUsedPort() {
  const port = Number(process.env.PORT || 4000)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return // config.ts says it, beside all other faults
  const fault = await new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', resolve)
    probe.listen(port, () => probe.close(() => resolve(null)))
  })
  if (fault?.code === 'EACCES') {
    throw new Impossible(`Port ${port} is reserved for root. Choose another: PORT=4000 npm start`)
  }
  if (fault?.code !== 'EADDRINUSE') return
  const healthy = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(1000) })
    .then(({ ok }) => ok)
    .catch(() => false)
  const who = healthy ? 'Drawdown, it seems: it answers there already' : 'another program'
  throw new Impossible(
    `Port ${port} is in use by ${who}. Stop that, or choose another: PORT=${port + 1} npm start`,
  )
}

// --- Packages -----------------------------------------------------------------------------------------------------------

async function installPackages() {
  if (areInstalled()) return
  say('Installing packages (a minute or two, only when they changed) …')
  const began = Date.now()
  const lock = readFileSync('package-lock.json')
  // `npm ci` refuses a lockfile made where a package's builds for other platforms were not offered; `install` takes it as it is.
  const flags = ['install', '--no-save', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund']
  const { code, output } = await runQuietly(...npm([...flags, '--no-progress', '--loglevel=error']))
  if (!readFileSync('package-lock.json').equals(lock)) writeFileSync('package-lock.json', lock)
  if (code !== 0) throw new Impossible(installFailure(output))
  if (!areInstalled()) throw new Impossible(`npm finished, yet packages are missing:\n${output}`)
  say(`Packages are installed (${seconds(began)}).`)
}

/** Whether what npm last installed is what the lockfile says, for this platform. */
function areInstalled() {
  const wanted = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages
  let installed
  try {
    installed = JSON.parse(readFileSync('node_modules/.package-lock.json', 'utf8')).packages
  } catch {
    return false
  }
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/') || entry.link) return true
    const found = installed[path]
    if (found === undefined) return entry.optional === true && !isForThisPlatform(entry)
    return found.version === entry.version
  })
}

function isForThisPlatform({ os, cpu, libc }) {
  if (!os?.includes(process.platform) || !cpu?.includes(process.arch)) return false
  return libc === undefined || libc.includes(libcOfThisMachine())
}

function libcOfThisMachine() {
  return existsSync('/etc/alpine-release') ? 'musl' : 'glibc'
}

/** The npm that runs us, else the one beside this Node, else the first on the path. */
function npm(args) {
  const beside = join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js')
  const script = [process.env.npm_execpath, beside].find(
    (path) => path?.endsWith('npm-cli.js') && existsSync(path),
  )
  return script ? [process.execPath, [script, ...args]] : ['npm', args]
}

function installFailure(output) {
  const why = /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|network/i.test(output)
    ? 'The package registry cannot be reached. Check the network (or the proxy in .npmrc) and start again.'
    : /EACCES|EPERM|EROFS/.test(output)
      ? `This user may not write in ${root}. Start as the user to whom it belongs.`
      : /ENOSPC/.test(output)
        ? 'The disk is full.'
        : /CERT|SELF_SIGNED/.test(output)
          ? 'The certificate of the package registry is not trusted here. Name your authority in NODE_EXTRA_CA_CERTS and start again.'
          : 'npm could not install the packages.'
  return `${why}\n\nnpm said:\n${output.trim()}`
}

// --- The web app --------------------------------------------------------------------------------------------------------

const WEB_SOURCES = ['web', 'client', 'billing', 'package-lock.json', 'tsconfig.json']

async function buildWeb() {
  if (!existsSync('web/index.html')) return say('There is no web app in this clone: the API runs without it.')
  const stamp = 'web/dist/.built-from'
  const digest = digestOf(WEB_SOURCES)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return
  say('Building the web app (its sources changed) …')
  const began = Date.now()
  // Built aside and moved into place, so that a server running from this clone never serves half of it.
  const fresh = join(root, 'node_modules', `.web-${process.pid}`)
  const flags = ['build', '--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn']
  try {
    const { code, output } = await runQuietly(process.execPath, [binary('vite', 'vite'), ...flags], 'web')
    if (code !== 0) throw new Impossible(`The web app could not be built:\n${output.trim()}`)
    writeFileSync(join(fresh, '.built-from'), digest)
    rmSync('web/dist', { recursive: true, force: true })
    renameSync(fresh, 'web/dist')
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
  say(`The web app is built (${seconds(began)}).`)
}

function digestOf(paths) {
  const digest = createHash('sha256')
  const add = (path) => {
    if (/(^|\/)(node_modules|dist)$|\.test\.tsx?$/.test(path)) return
    const entries = readdirOrNull(path)
    if (entries === null) digest.update(`${path}\0`).update(readFileSync(path)).update('\0')
    else for (const entry of entries.sort()) add(`${path}/${entry}`)
  }
  for (const path of paths) if (existsSync(path)) add(path)
  return digest.digest('hex')
}

function readdirOrNull(path) {
  try {
    return readdirSync(path)
  } catch (fault) {
    if (fault.code === 'ENOTDIR') return null
    throw fault
  }
}

// --- The server ---------------------------------------------------------------------------------------------------------

async function handOver() {
  const server = join(root, 'server.ts')
  if (!existsSync(server)) throw new Impossible('server.ts is missing from this clone.')
  // What `node --import tsx server.ts` does, without a second process between the terminal and the server. Children that the
  // server forks find the loader in execArgv, as they would then.
  const loader = pathToFileURL(join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href
  process.argv = [process.argv[0], server]
  process.execArgv.push('--import', loader)
  await import(loader)
  await import(pathToFileURL(server).href)
}

// --- Tests --------------------------------------------------------------------------------------------------------------

async function test(args) {
  await installPackages()
  await installTestPrograms()
  await buildWeb()
  const steps = [
    ['Format and lint', binary('@biomejs/biome', 'biome'), ['check', '.']],
    ['Types', binary('typescript7', 'tsc'), ['--noEmit']],
    ['Tests', binary('vitest', 'vitest'), ['run', ...args]],
  ]
  const failed = []
  for (const [name, script, flags] of steps) {
    say(`\n${name} …`)
    const began = Date.now()
    const passed = spawnSync(process.execPath, [script, ...flags], { stdio: 'inherit' }).status === 0
    say(`${name}: ${passed ? 'passed' : 'FAILED'} (${seconds(began)})`)
    if (!passed) failed.push(name)
  }
  if (failed.length > 0) throw new Impossible(`\nFailed: ${failed.join(', ')}.`)
  say('\nAll passed.')
}

/** What the tests need of the system: a Debian package, and a file by which it is known to be there. */
const TEST_PROGRAMS = {
  chromium: '/usr/bin/chromium',
  beancount: '/usr/bin/bean-check',
  hledger: '/usr/bin/hledger',
  'poppler-utils': '/usr/bin/pdftotext',
  'fonts-dejavu-core': '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
}

async function installTestPrograms() {
  const missing = Object.keys(TEST_PROGRAMS).filter((name) => !existsSync(TEST_PROGRAMS[name]))
  if (missing.length === 0) return
  const install = ['install', '--yes', '--no-install-recommends', ...missing]
  const line = `apt-get update && apt-get ${install.join(' ')}`
  if (process.getuid?.() !== 0)
    throw new Impossible(`The tests need what only root can install. Run this as root, once:\n\n  ${line}`)
  if (!existsSync('/usr/bin/apt-get')) {
    throw new Impossible(
      `The tests need ${missing.join(' and ')} (${missing.map((name) => TEST_PROGRAMS[name]).join(', ')}).`,
    )
  }
  say(`Installing ${missing.join(' and ')} for the tests …`)
  const began = Date.now()
  for (const step of [['update'], install]) {
    const { code, output } = await runQuietly('apt-get', step, root, {
      DEBIAN_FRONTEND: 'noninteractive',
      LC_ALL: 'C',
    })
    if (code !== 0) throw new Impossible(`This failed: ${line}\n\n${output.trim()}`)
  }
  say(`Installed (${seconds(began)}).`)
}

// --- Helpers of all of the above ----------------------------------------------------------------------------------------

/** The script behind a package's command. */
function binary(name, command) {
  const folder = join(root, 'node_modules', name)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return join(folder, typeof bin === 'string' ? bin : bin[command])
}

/** Runs to the end; what it said is told only if somebody wants to know. */
function runQuietly(program, args, cwd = root, environment = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (text) => {
      output += text
    })
    child.stderr.on('data', (text) => {
      output += text
    })
    child.once('error', (fault) => reject(new Impossible(`${program} cannot be run: ${fault.message}`)))
    child.once('close', (code) => resolve({ code, output }))
  })
}

const seconds = (began) => `${((Date.now() - began) / 1000).toFixed(1)} s`

main(process.argv.slice(2)).catch((fault) => {
  if (!(fault instanceof Impossible)) throw fault
  console.error(fault.message)
  process.exitCode = 1
})
