// Starts under Node 20.19: no TypeScript, no packages, nothing newer.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

/** The browser for the journeys: RENXIN_CHROMIUM, else one that is installed. */
export function findChromium(env = process.env) {
  if (env.RENXIN_CHROMIUM) return env.RENXIN_CHROMIUM
  const folders = (env.PATH ?? '').split(delimiter).concat('/usr/bin', '/usr/local/bin', '/snap/bin')
  const places = folders.flatMap((folder) => names.map((name) => join(folder, name)))
  places.push('/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium')
  return places.find(isExecutable)
}

/** The same, and where there is none and we are root on Debian, installs Debian's. `reason` says why there is none. */
export function findOrInstallChromium() {
  const wanted = process.env.RENXIN_CHROMIUM
  if (wanted && !isExecutable(wanted)) return { reason: `RENXIN_CHROMIUM is ${wanted}, which cannot be run` }
  const found = findChromium()
  if (found) return { path: found }
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) {
    return { reason: 'no Chromium: install one (on Debian as root: apt-get install chromium fonts-noto-cjk) or name it by RENXIN_CHROMIUM' }
  }

  console.log('Installing Chromium and Chinese fonts from Debian …')
  const apt = (...args) =>
    spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
  apt('-q', 'update')
  const { status } = apt('-q', 'install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-cjk')
  const installed = findChromium()
  return installed ? { path: installed } : { reason: `no Chromium: apt-get could not install it (${status})` }
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
