import { addressOf, ExportWaits, exportAsk, pathParams, type Route } from '@renxin/kernel'
import { z } from 'zod'

const problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'module.name of the refusal' },
    requestId: { type: 'string' },
  },
}

/** The whole interface as OpenAPI 3.1, drawn from the contracts. */
export function openApi(routes: readonly Route[]): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const address = addressOf(route).replaceAll(/:(\w+)/g, '{$1}')
    paths[address] = { ...paths[address], [route.method.toLowerCase()]: operation(route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Renxin', version: '1' },
    paths,
    components: {
      schemas: { Problem: problem },
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'renxin_session' }, key: { type: 'http', scheme: 'bearer' } },
    },
  }
}

const describe = (schema: z.ZodType, io: 'input' | 'output') =>
  z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' })

function operation(route: Route) {
  const input = describe(route.input, 'input')
  const fields = Object.entries(input.properties ?? {})
  const required = new Set(input.required ?? [])
  const inPath = new Set(pathParams(addressOf(route)))
  const parameter = ([name, schema]: [string, unknown]) => ({
    name,
    in: inPath.has(name) ? 'path' : 'query',
    required: inPath.has(name) || required.has(name),
    schema,
  })
  const inUrl = route.method === 'GET' ? fields : fields.filter(([name]) => inPath.has(name))
  const type = route.file ?? route.type ?? 'application/json'
  const isExport = route.file !== undefined && Object.keys(exportAsk).every((asked) => fields.some(([name]) => name === asked))
  return {
    operationId: `${route.module}.${route.name}`,
    tags: [route.module],
    ...(route.may === 'anyone' ? { security: [] } : { security: [{ session: [] }, { key: [] }], 'x-permission': route.may }),
    parameters: inUrl.map(parameter),
    ...(route.method === 'GET' ? {} : { requestBody: { content: { 'application/json': { schema: input } } } }),
    responses: {
      200: {
        description: 'done',
        content: { [type]: { schema: route.file ? { type: 'string', format: 'binary' } : describe(route.reply, 'output') } },
      },
      ...(isExport && {
        202: {
          description: 'waits until another person has released it',
          content: { 'application/json': { schema: describe(ExportWaits, 'output') } },
        },
      }),
      default: { description: 'refused', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
    },
  }
}
