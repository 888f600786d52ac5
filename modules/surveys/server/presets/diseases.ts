import { readdirSync, readFileSync } from 'node:fs'
import type { Definition } from '../../contract.ts'
import { definitionOf, Parts, TemplateFile } from './template-file.ts'

export type DiseaseTemplate = { file: TemplateFile; definition: Definition }

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))

/** Every disease template that came with the product, by its key. A file that is no template stops the start. */
function readTemplates(): ReadonlyMap<string, DiseaseTemplate> {
  const parts = Parts.parse(read('./parts.json'))
  const names = readdirSync(new URL('./diseases/', import.meta.url)).filter((name) => name.endsWith('.json')).sort() // biome-ignore format: one thought
  return new Map(
    names.map((name) => {
      const file = TemplateFile.parse(read(`./diseases/${name}`))
      return [file.key, { file, definition: definitionOf(file, parts) }]
    }),
  )
}

export const diseaseTemplates = readTemplates()
