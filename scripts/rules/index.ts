import type { Finding } from './house.ts'
import { listFiles, readFiles } from './house.ts'
import { readImports } from './imports.ts'
import { checkManifests, checkTraces } from './manifests.ts'
import { checkPicture } from './picture.ts'
import { checkSource } from './source.ts'
import { checkMigrations, checkWalls } from './walls.ts'

/** Everything a program can see of the house's rules, on the tree that lies at `root`. */
export async function checkHouse(root: string): Promise<Finding[]> {
  const { imports, findings } = await readImports(root)
  const files = readFiles(
    root,
    listFiles(root).filter((path) => !/\.(png|jpg|ico|woff2?|ttf|bin|xlsx)$/.test(path)),
  )
  return [
    ...findings,
    ...checkWalls(files),
    ...checkMigrations(files),
    ...checkSource(files),
    ...checkManifests(files),
    ...checkTraces(files),
    ...checkPicture(files, imports),
  ]
}
