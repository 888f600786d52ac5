import { join } from 'node:path'
import { buildWeb } from '@renxin/app-console'
import { listHospitals } from '@renxin/server'
import packageJson from '../../../package.json' with { type: 'json' }
import { readConfig } from '../config.ts'
import { openDatabase } from '../database.ts'
import { houseOn, type Running, startServer } from '../server.ts'
import { type Command, readOptions } from './command.ts'
import { makeDemo } from './demo.ts'

export const start: Command = {
  name: 'start',
  about: 'Starts Renxin: the database where none is named, the demo hospital the first time, and every door.',
  usage: [
    '--roles web,worker,mllp   what this process does, instead of RENXIN_ROLES; several may share one DATABASE_URL',
    '--no-pages    serves the interface alone; in development the pages come from a server of their own',
    'Set by the environment: PORT 3000, HOST 127.0.0.1, MLLP_PORT 2575 (a number, 0 for any free one, or off), RENXIN_DATA .data,',
    'MLLP_TLS_PORT off with the files MLLP_TLS_CERT, MLLP_TLS_KEY and, for senders that must show a certificate, MLLP_TLS_CA,',
    'RENXIN_DEMO on|off, RENXIN_ROLES web,worker,mllp, DATABASE_URL and DATABASE_OWNER_URL with RENXIN_KEY, TZ Asia/Shanghai.',
  ],
  run: async (words) => {
    const { values } = readOptions(words, { 'no-pages': { type: 'boolean', default: false }, roles: { type: 'string' } })
    const stopped = untilTold()
    const config = readConfig(undefined, { RENXIN_ROLES: values.roles })
    const isWeb = config.roles.includes('web') && config.port !== null && !values['no-pages']
    const webFolder = isWeb ? buildWeb() : null
    webFolder?.catch(() => {}) // looked at when the server opens its doors
    const database = await openDatabase(config, { as: 'server', log: (line) => console.log(line), onDeath: (error) => stopped.tell(error) })
    try {
      const house = houseOn(database, config)
      if (config.isDemo && (await listHospitals(house)).length === 0 && (await isFresh(database.owner))) {
        console.log('第一次启动：正在准备演示医院 · First start: preparing the demo hospital')
        await makeDemo(house, database)
      }
      const running = await startServer({ config, database, webFolder, version: packageJson.version })
      announce(
        running,
        config.dataDir,
        (await listHospitals(house)).some((h) => h.isDemo),
      )
      const error = await stopped.told
      if (error) {
        console.error(`renxin: ${error.message}`)
        process.exitCode = 1 // said before the doors are closed: with the database gone nothing may be left that keeps the process until they are
      }
      await running.stop()
    } finally {
      await database.close()
    }
  },
}

/** A demo comes by itself only once: whoever erased it wants a hospital of their own. */
async function isFresh(owner: { query: (text: string) => Promise<{ rowCount: number | null }> }): Promise<boolean> {
  const marked = await owner.query(`insert into house.settings (name, value) values ('demo', 'filled') on conflict do nothing`)
  return marked.rowCount === 1
}

function announce(
  { url, mllpPort, mllpTlsPort, setupLink }: Pick<Running, 'url' | 'mllpPort' | 'mllpTlsPort' | 'setupLink'>,
  dataDir: string,
  isDemo: boolean,
): void {
  const lines = [
    url && `仁心 Renxin  ${url}`,
    mllpPort !== null && `HL7 v2 (MLLP)  port ${mllpPort}`,
    mllpTlsPort !== null && `HL7 v2 (TLS)   port ${mllpTlsPort}`,
    `数据 data  ${join(dataDir)}`,
    isDemo &&
      '演示账号 demo accounts: nurse (随访护士), admin (随访管理员), complaints (投诉专员), director (科主任), president (院长), system (系统管理员) · 密码 password: renxin-demo',
    setupLink && `还没有医院，请打开此链接开通 · no hospital yet, open this link once: ${setupLink}`,
    'Ctrl+C 停止 stop',
  ]
  console.log(lines.filter(Boolean).join('\n'))
}

/** Resolves when the process is told to stop: Ctrl-C, SIGTERM, the launcher gone, or the database dead. */
function untilTold() {
  let tell: (error?: Error) => void = () => {}
  const told = new Promise<Error | undefined>((resolve) => {
    tell = resolve
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => tell())
  process.on('disconnect', () => tell())
  return { told, tell: (error: Error) => tell(error) }
}
