import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@renxin/server/testing-port'

const program = '/usr/sbin/Orthanc'
const plugin = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so'

/** Why no real archive can be asked here; undefined where one can. */
export const noOrthanc = [program, plugin].every(existsSync)
  ? undefined
  : `there is no Orthanc with DICOMweb at ${program} (Debian: apt-get install orthanc orthanc-dicomweb)`

export type Orthanc = {
  url: string
  user: string
  password: string
  addStudy(tags: Record<string, string>): Promise<string>
  close(): Promise<void>
}

/** A real image archive with DICOMweb, in a folder of its own, on a free port. */
export async function openOrthanc(): Promise<Orthanc> {
  const folder = await mkdtemp(join(tmpdir(), 'orthanc-'))
  const port = await freePort()
  const [user, password] = ['renxin', 'only-for-tests']
  await writeFile(
    join(folder, 'orthanc.json'),
    JSON.stringify({
      Name: 'TEST',
      StorageDirectory: join(folder, 'store'),
      IndexDirectory: join(folder, 'store'),
      HttpPort: port,
      DicomServerEnabled: false,
      RemoteAccessAllowed: false,
      AuthenticationEnabled: true,
      RegisteredUsers: { [user]: password },
      DefaultEncoding: 'Utf8',
      Plugins: [plugin],
      DicomWeb: { Enable: true, Root: '/dicom-web/' },
    }),
  )
  const orthanc = spawn(program, [join(folder, 'orthanc.json')], { stdio: 'ignore' })
  const address = `http://127.0.0.1:${port}`
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  await untilItAnswers(orthanc, () => fetch(`${address}/system`, { headers: { authorization } }))
  return {
    url: `${address}/dicom-web`,
    user,
    password,
    /** Makes a study of one picture; its UID. */
    addStudy: async (tags) => {
      const made = await fetch(`${address}/tools/create-dicom`, {
        method: 'POST',
        headers: { authorization },
        body: JSON.stringify({ Tags: { Modality: 'CT', ...tags }, Content: `data:image/png;base64,${dot}` }),
      })
      if (!made.ok) throw new Error(`Orthanc made no study: ${made.status} ${await made.text()}`)
      const { ID } = (await made.json()) as { ID: string } // as Orthanc's book has it
      const read = await fetch(`${address}/instances/${ID}/simplified-tags`, { headers: { authorization } })
      return ((await read.json()) as { StudyInstanceUID: string }).StudyInstanceUID
    },
    close: async () => {
      const gone = new Promise((resolve) => orthanc.once('exit', resolve))
      orthanc.kill('SIGTERM')
      await gone
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** One grey pixel. */
const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=='

async function untilItAnswers(orthanc: ChildProcess, ask: () => Promise<Response>): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    if (orthanc.exitCode !== null) throw new Error(`Orthanc ended with ${orthanc.exitCode}`)
    const isThere = await ask().then((r) => r.ok, () => false) // biome-ignore format: one thought
    if (isThere) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('Orthanc does not answer')
}
